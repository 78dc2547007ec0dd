//! Instances of a library: walks folders, files and archives in the order of their names.
//!
//! A sample takes `count` of them, spread evenly over the sizes: sorted by (tasks, name), cut into
//! `count` equal parts, one drawn from each with seed 20260101.
//!
//! **Source:** -

use anyhow::{Context, Result, bail};
use ordine_base::Seed;
use ordine_problem::Problem;
use ordine_wire::{Address, Item, Request, read_problems};
use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Seed of every stratified sample.
const SAMPLE_SEED: Seed = Seed::new(20_260_101);

/// Where an instance stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// First folder below the library: the row of the table that it counts for.
    pub folder: String,
    /// Path within that folder, with the member of an archive after `#`.
    pub path: String,
    /// Name of the instance.
    pub name: String,
    /// Number of its tasks.
    pub tasks: usize,
}

/// Lists the instances below `library/part`.
///
/// # Errors
/// When the part does not exist or a file cannot be read as an instance.
pub fn list(library: &Path, part: &str, sample: Option<usize>) -> Result<Vec<Place>> {
    let address = Address::parse(part);
    let mut files = Vec::new();
    walk(&library.join(address.path), &mut files)?;
    let mut places = Vec::new();
    for file in files {
        read(library, &file, address.selector, &mut |place, _| {
            places.push(place);
            ControlFlow::Continue(())
        })?;
    }
    if places.is_empty() {
        bail!("no instance below {}: name a folder or file of the library", part);
    }
    Ok(sample.map_or(places.clone(), |count| stratified(places, count)))
}

/// Reads the problem at a place again.
///
/// # Errors
/// When it is not there any more.
pub fn load(library: &Path, place: &Place) -> Result<Problem> {
    let within = Address::parse(&place.path);
    let file = library.join(&place.folder).join(within.path);
    let mut problem = None;
    read(library, &file, within.selector, &mut |_, found| {
        problem = Some(found);
        ControlFlow::Break(())
    })?;
    problem.with_context(|| format!("{}/{} is gone", place.folder, place.path))
}

/// The files below a path, in the order of their names; tables, pages of text, published values and
/// positions for setups are left out.
///
/// # Errors
/// When the path cannot be read.
pub fn walk(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let data = std::fs::metadata(path)
        .with_context(|| format!("{} cannot be read: check the library folder", path.display()))?;
    if !data.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut inside: Vec<PathBuf> = std::fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    inside.sort();
    let skipped = |path: &Path| {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase());
        name.is_none_or(|name| {
            let values = ["wtopt", "wtbest", "wtinfo"].iter().any(|start| name.starts_with(start));
            let page = name.starts_with('.') || name.contains(".csv") || name.ends_with(".md");
            page || values || name == "points"
        })
    };
    inside.iter().filter(|path| !skipped(path)).try_for_each(|path| walk(path, files))
}

fn read(
    library: &Path,
    file: &Path,
    selector: Option<&str>,
    each: &mut dyn FnMut(Place, Problem) -> ControlFlow<()>,
) -> Result<()> {
    let relative = file.strip_prefix(library).unwrap_or(file);
    let folder = relative.iter().next().map(|part| part.to_string_lossy().into_owned());
    let folder = folder.unwrap_or_default();
    let within = relative.strip_prefix(&folder).unwrap_or(relative).display().to_string();
    let formats = ordine_registry::formats();
    let name = relative.display().to_string();
    // Matrices of open shops look like those of flow shops: the folder tells.
    let format = (folder == "openshop").then_some("open-shop");
    let request = Request { name: &name, selector, format, formats: &formats };
    let mut input = File::open(file)?;
    let stem = Path::new(&within).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let (mut trouble, mut count) = (None, 0);
    read_problems(&request, &mut input, &mut |item| match item {
        Item::Found(found) => {
            count += 1;
            let member = found.source.strip_prefix(&name).unwrap_or("").to_owned();
            // Texts with several instances number them; a plain file is its own path.
            let is_plain = !member.is_empty() || stem.as_deref() == Some(found.problem.name());
            let number = selector.map_or_else(|| count.to_string(), str::to_owned);
            let member = if is_plain { member } else { format!("#{number}") };
            let place = Place {
                folder: folder.clone(),
                path: format!("{within}{member}"),
                name: found.problem.name().to_owned(),
                tasks: found.problem.tasks().len(),
            };
            each(place, found.problem)
        }
        Item::Bad(diagnostics) => {
            trouble.get_or_insert(diagnostics);
            ControlFlow::Continue(())
        }
        Item::Skipped(_) => ControlFlow::Continue(()),
    });
    trouble.map_or(Ok(()), |diagnostics| Err(diagnostics.into()))
}

fn stratified(mut places: Vec<Place>, count: usize) -> Vec<Place> {
    if places.len() <= count {
        return places;
    }
    places.sort_by(|left, right| (left.tasks, left).cmp(&(right.tasks, right)));
    let mut stream = SAMPLE_SEED.stream("sample");
    let total = places.len();
    let mut drawn: Vec<Place> = (0..count)
        .map(|part| {
            let (from, to) = (part * total / count, (part + 1) * total / count);
            places[from + stream.below(to - from)].clone()
        })
        .collect();
    drawn.sort();
    drawn
}

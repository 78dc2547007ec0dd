//! Where files of results go: one file, or a folder with one file per instance.
//!
//! A file is written beside its place under another name and then renamed, so that nobody ever
//! reads half of it; what is no regular file, such as `/dev/null`, is written directly.
//!
//! **Source:** -

use crate::exit::Failure;
use ordine_wire::is_hidden;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Most bytes of a file name that come from the name of an instance.
const NAME_MAX: usize = 120;

/// Where the files of one option go.
#[derive(Debug)]
pub struct Destination {
    option: &'static str,
    path: PathBuf,
    /// Extension of the files of a folder; `None` for a single file.
    folder: Option<String>,
    taken: BTreeSet<String>,
    /// Files that are read, as the system knows them.
    inputs: Vec<PathBuf>,
}

impl Destination {
    /// The place that `option` names: a folder when it exists as one or ends with `/`.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn new(option: &'static str, path: &Path, extension: &str) -> Result<Self, Failure> {
        let is_folder = path.is_dir() || path.to_string_lossy().ends_with('/');
        let folder = if is_folder { Some(path) } else { path.parent() };
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
        if is_folder {
            fs::create_dir_all(path).map_err(|error| unwritable(option, path, &error))?;
        }
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(Failure::bad_input(format!(
                "{option}: expected a folder {}, found none; create it",
                folder.display()
            )));
        }
        Ok(Destination {
            option,
            path: path.to_owned(),
            folder: is_folder.then(|| extension.to_owned()),
            taken: BTreeSet::new(),
            inputs: Vec::new(),
        })
    }

    /// The same place, which never writes over one of `inputs`.
    ///
    /// # Errors
    /// When the place is one of them.
    pub fn sparing(self, inputs: &[PathBuf]) -> Result<Self, Failure> {
        spare(self.option, &self.path, inputs)?;
        Ok(Destination { inputs: inputs.to_owned(), ..self })
    }

    /// Whether there is room for several instances.
    pub fn takes_several(&self) -> bool {
        self.folder.is_some()
    }

    /// Says that one file cannot hold the results of several instances.
    pub fn too_many(&self) -> Failure {
        Failure::bad_input(format!(
            "{} {}: expected one instance for one file, found several; name a folder, such as \
             `results/`",
            self.option,
            self.path.display()
        ))
    }

    /// Writes the file of one instance.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&mut self, instance: &str, contents: impl AsRef<[u8]>) -> Result<(), Failure> {
        let path = match &self.folder {
            None => self.path.clone(),
            Some(extension) => {
                let stem = free_name(&safe_name(instance), &mut self.taken);
                self.path.join(format!("{stem}.{extension}"))
            }
        };
        spare(self.option, &path, &self.inputs)?;
        replace(&path, contents.as_ref()).map_err(|error| unwritable(self.option, &path, &error))
    }
}

/// The files among `paths` as the system knows them, for [`spare`].
pub fn places<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Vec<PathBuf> {
    let known = |path: &Path| fs::canonicalize(path).ok().filter(|path| path.is_file());
    paths.into_iter().filter_map(known).collect()
}

/// Refuses to write over a file that is read.
///
/// # Errors
/// When `path` is one of `inputs`.
pub fn spare(option: &str, path: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    match fs::canonicalize(path) {
        Ok(place) if inputs.contains(&place) => Err(Failure::bad_input(format!(
            "{option} {}: expected another file than the inputs, found one of them; \
             name another",
            path.display()
        ))),
        _ => Ok(()),
    }
}

fn unwritable(option: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::bad_input(format!(
        "{option} {}: expected a place that can be written, found: {error}; name another",
        path.display()
    ))
}

/// The name of an instance as that of a file: no folders, no dot in front, no hidden letters.
fn safe_name(instance: &str) -> String {
    let safe = |letter: char| match letter {
        '/' | '\\' | ':' => '_',
        _ if is_hidden(letter) => '_',
        _ => letter,
    };
    let ends = |&end: &usize| end <= NAME_MAX;
    let cut = instance.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let length = cut.take_while(ends).last().unwrap_or(0);
    let name: String = instance[..length].chars().map(safe).collect();
    match name.strip_prefix('.') {
        Some(rest) => format!("_{rest}"),
        None if name.is_empty() => "unnamed".to_owned(),
        None => name,
    }
}

/// The name, or the name with the first number that makes it new.
fn free_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(name));
    let free = free.expect("there is always a next number");
    taken.insert(free.clone());
    free
}

fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if place.exists() && !place.is_file() {
        return fs::write(&place, contents);
    }
    let name = place.file_name().map_or("result".into(), |name| name.to_string_lossy());
    let draft = place.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = fs::write(&draft, contents).and_then(|()| fs::rename(&draft, &place));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_instances_cannot_leave_the_folder() {
        assert_eq!(safe_name("../../etc/passwd"), "_._.._etc_passwd");
        assert_eq!(safe_name(".."), "_.");
        assert_eq!(safe_name(""), "unnamed");
        assert_eq!(safe_name(&"ü".repeat(500)).len(), NAME_MAX);
        assert_eq!(safe_name("j3013_1"), "j3013_1");
        assert_eq!(safe_name("a\u{202e}gvs\n.b"), "a_gvs_.b");
    }

    #[test]
    fn equal_names_are_numbered() {
        let mut taken = BTreeSet::new();
        let names: Vec<String> = (0..3).map(|_| free_name("a", &mut taken)).collect();
        assert_eq!(names, ["a", "a-2", "a-3"]);
    }
}

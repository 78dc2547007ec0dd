//! Proofs under audit: `cargo run --release -p ordine-benches --features audit --example audit --
//! [--every N] [--units N] FILE...`.
//!
//! Every inference of the proof engine and every learned clause is proved again by judges that
//! share no code with it. A row per instance says what was judged; an inference that is wrong, or
//! that no judge could prove, makes the run fail. Of an archive every N-th instance is read.
//!
//! **Source:** see `ordine_cp`'s module `audit`.
#![allow(clippy::print_stdout, reason = "an example prints")]

use anyhow::{Context, Result, bail, ensure};
use ordine_base::Seed;
use ordine_problem::Problem;
use ordine_solve::{ProofSearch, Searcher, solve};
use ordine_wire::{Address, Item, Request, read_problems};
use std::fs::File;
use std::ops::ControlFlow;

/// Work of the search that an incumbent comes from: little, so that something is left to find.
const START_WORK: u64 = 2_000;

/// Work units between two looks at the search.
const SLICE_WORK: u64 = 100_000;

/// What is asked for.
struct Arguments {
    every: usize,
    units: u64,
    files: Vec<String>,
}

fn arguments() -> Result<Arguments> {
    let mut given = Arguments { every: 1, units: u64::MAX, files: Vec::new() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || -> Result<u64> {
            let text =
                words.next().with_context(|| format!("{word}: expected a number after it"))?;
            text.parse().with_context(|| format!("{word}: expected a number, found {text}"))
        };
        match word.as_str() {
            "--every" => given.every = number()?.max(1) as usize,
            "--units" => given.units = number()?,
            _ => given.files.push(word),
        }
    }
    ensure!(!given.files.is_empty(), "expected files of instances; name some");
    Ok(given)
}

/// Proves a problem under audit; says whether nothing was found.
fn is_clean(problem: &Problem, units: u64) -> Result<bool> {
    let start = solve(problem, "decisions", Seed::new(1), START_WORK)?;
    let mut search = ProofSearch::new(problem, start.best());
    let mut best = start.best().map(|(_, cost)| cost.clone());
    let mut work = 0;
    while work < units {
        let spent = search.advance(SLICE_WORK.min(units - work), &mut || false);
        if spent == 0 {
            break;
        }
        work += spent;
        if let Some(schedule) = search.improvement() {
            best = Some(schedule.cost(problem));
        }
    }
    let is_done = search.advance(0, &mut || false) == 0;
    let audit = search.engine().audit();
    let best = best.map_or("no schedule".to_owned(), |cost| cost.to_string());
    let word = if is_done { "proved" } else { "open" };
    println!("{}: {best}, {word}, {work} units; {audit}", problem.name());
    Ok(audit.findings().is_empty())
}

fn main() -> Result<()> {
    let Arguments { every, units, files } = arguments()?;
    let formats = ordine_registry::formats();
    let (mut seen, mut unclean) = (0, 0);
    for file in &files {
        let address = Address::parse(file);
        let mut input =
            File::open(address.path).with_context(|| format!("{file}: not readable"))?;
        let request = Request {
            name: address.path,
            selector: address.selector,
            format: None,
            formats: &formats,
        };
        let mut trouble = None;
        let mut number = 0;
        read_problems(&request, &mut input, &mut |item| {
            match item {
                Item::Found(found) => {
                    number += 1;
                    if (number - 1) % every == 0 {
                        seen += 1;
                        match is_clean(&found.problem, units) {
                            Ok(clean) => unclean += usize::from(!clean),
                            Err(error) => trouble = Some(error),
                        }
                    }
                }
                Item::Bad(diagnostics) => trouble = Some(diagnostics.into()),
                Item::Skipped(_) => {}
            }
            if trouble.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if let Some(error) = trouble {
            return Err(error);
        }
    }
    println!("{seen} instances, {unclean} with findings");
    if unclean > 0 {
        bail!("{unclean} of {seen} instances have findings");
    }
    Ok(())
}

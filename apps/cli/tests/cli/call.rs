//! Calling the program, and inputs for it.
//!
//! **Source:** -

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a call left behind.
pub struct Call {
    pub out: String,
    pub err: String,
    pub code: i32,
}

impl From<Output> for Call {
    fn from(output: Output) -> Self {
        Call {
            out: String::from_utf8(output.stdout).expect("the program writes text"),
            err: String::from_utf8(output.stderr).expect("the program writes text"),
            code: output.status.code().expect("the program ends by itself"),
        }
    }
}

/// The program with these arguments, not yet started.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ordine"));
    command.args(arguments);
    command
}

/// Runs the program to its end.
pub fn ordine(arguments: &[&str]) -> Call {
    command(arguments).output().expect("the program starts").into()
}

/// Path of an instance that lives with the project.
pub fn data(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(name);
    path.to_str().expect("a path of plain letters").to_owned()
}

/// A folder for one test, with inputs of all fates.
pub struct Desk {
    folder: tempfile::TempDir,
}

/// One machine, one task of length 3.
const GOOD: &str = r#"{"format":"ordine/problem/1","name":"good","objective":"makespan",
"resources":[{"name":"lathe","kind":"machine"}],
"tasks":[{"name":"turn","modes":[{"duration":3,"requirements":[{"resource":"lathe"}]}]}]}"#;

/// A job whose two tasks, one after the other, take longer than its deadline allows.
const INFEASIBLE: &str = r#"{"format":"ordine/problem/1","name":"infeasible","objective":"makespan",
"jobs":[{"name":"rush","deadline":3}],
"resources":[{"name":"lathe","kind":"machine"}],
"tasks":[
{"name":"turn","job":"rush","modes":[{"duration":2,"requirements":[{"resource":"lathe"}]}]},
{"name":"bore","job":"rush","modes":[{"duration":2,"requirements":[{"resource":"lathe"}]}]}],
"precedences":[{"before":"turn","after":"bore"}]}"#;

/// Twelve jobs for eleven lathes, each of which has time for one: nothing but counting proves that
/// this is one too many.
fn hard() -> String {
    let lathes: Vec<String> = (1..12).map(|it| format!("lathe {it}")).collect();
    let list = |items: Vec<String>| items.join(",\n");
    let mode =
        |lathe: &String| format!(r#"{{"duration":2,"requirements":[{{"resource":"{lathe}"}}]}}"#);
    let modes = list(lathes.iter().map(mode).collect());
    let resource = |lathe: &String| format!(r#"{{"name":"{lathe}","kind":"machine"}}"#);
    let job = |number: usize| format!(r#"{{"name":"job {number}","deadline":3}}"#);
    let task = |it: usize| format!(r#"{{"name":"turn {it}","job":"job {it}","modes":[{modes}]}}"#);
    format!(
        r#"{{"format":"ordine/problem/1","name":"hard","objective":"makespan",
        "jobs":[{}],"resources":[{}],"tasks":[{}]}}"#,
        list((1..13).map(job).collect()),
        list(lathes.iter().map(resource).collect()),
        list((1..13).map(task).collect()),
    )
}

impl Desk {
    /// An empty folder but for `good.json`, `infeasible.json`, `hard.json` and `bad.txt`.
    pub fn new() -> Self {
        let desk = Desk { folder: tempfile::tempdir().expect("a temporary folder") };
        desk.put("good.json", GOOD);
        desk.put("infeasible.json", INFEASIBLE);
        desk.put("hard.json", &hard());
        desk.put("bad.txt", "2 2\n0 1 1 2\n0 1 1 x\n");
        desk
    }

    /// Path of a file in the folder.
    pub fn path(&self, name: &str) -> String {
        self.place(name).to_str().expect("a path of plain letters").to_owned()
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and gives its path.
    pub fn put(&self, name: &str, text: &str) -> String {
        std::fs::write(self.place(name), text).expect("a temporary file");
        self.path(name)
    }

    /// Content of a file.
    pub fn read(&self, name: &str) -> String {
        let found = std::fs::read_to_string(self.place(name));
        found.unwrap_or_else(|error| panic!("{name} should be there: {error}"))
    }

    /// Names of all files in a folder, ascending.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.place(folder)).expect("the folder is there");
        let name = |entry: std::io::Result<std::fs::DirEntry>| {
            entry.expect("an entry").file_name().to_string_lossy().into_owned()
        };
        let mut names: Vec<String> = entries.map(name).collect();
        names.sort();
        names
    }
}

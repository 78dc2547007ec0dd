//! The process of the peer: its environment, its scripts, questions and answers.
//!
//! Python starts once and stays, so that starting it is part of no figure. The scripts are in this
//! program; the environment is made once with the package that their requirements pin.
//!
//! **Source:** -

use crate::WallClock;
use anyhow::{Context, Result, bail};
use ordine_base::Clock;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// What reads problems, which the peers share.
const READER: (&str, &str) = ("problem.py", include_str!("../../peers/cpsat/problem.py"));

/// A solver that can be asked.
#[derive(Debug)]
pub(super) struct PeerKind {
    /// Name on the command line.
    pub(super) name: &'static str,
    /// Folder of its interpreter within that of all environments.
    environment: &'static str,
    /// Its scripts, as files of one folder.
    scripts: &'static [(&'static str, &'static str)],
    /// What its environment holds.
    requirements: &'static str,
}

/// Every peer.
static PEERS: [PeerKind; 2] = [
    PeerKind {
        name: "cp-sat",
        environment: "venv",
        scripts: &[
            READER,
            ("windows.py", include_str!("../../peers/cpsat/windows.py")),
            ("model.py", include_str!("../../peers/cpsat/model.py")),
            ("serve.py", include_str!("../../peers/cpsat/serve.py")),
        ],
        requirements: include_str!("../../peers/cpsat/requirements.txt"),
    },
    PeerKind {
        name: "pyjobshop",
        environment: "venv-pyjobshop",
        scripts: &[READER, ("serve.py", include_str!("../../peers/pyjobshop/serve.py"))],
        requirements: include_str!("../../peers/pyjobshop/requirements.txt"),
    },
];

impl PeerKind {
    /// The peer of this name.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn named(name: &str) -> Result<&'static PeerKind, String> {
        let found = PEERS.iter().find(|kind| kind.name == name);
        found.ok_or_else(|| {
            format!("expected one of {}", PEERS.each_ref().map(|kind| kind.name).join(", "))
        })
    }
}

/// Makes the environments of all peers.
///
/// # Errors
/// When one cannot be made.
pub(super) fn make_environments(folder: &Path, out: &mut dyn Write) -> Result<()> {
    for kind in &PEERS {
        let python = environment(kind, folder, out)?;
        writeln!(out, "{}: {}", kind.name, python.display())?;
    }
    Ok(())
}

/// How long the peer may take beyond its limit, for building the model and for ending.
const GRACE: Duration = Duration::from_secs(120);

/// What the peer is asked.
#[derive(Serialize, Debug)]
pub(super) struct Question<'a> {
    /// In `ordine/problem/1`.
    pub(super) problem: &'a str,
    pub(super) time_s: f64,
    pub(super) workers: usize,
    pub(super) seed: u64,
    pub(super) setting: &'a str,
}

/// What it answers.
#[derive(Deserialize, Debug)]
pub(super) struct Answer {
    pub(super) status: String,
    pub(super) objective: Option<i64>,
    pub(super) bound: Option<i64>,
    /// In `ordine/schedule/1`.
    pub(super) schedule: Option<String>,
    pub(super) solve_s: f64,
}

/// An answer, or why there is none.
#[derive(Deserialize, Debug)]
#[serde(untagged)]
enum Reply {
    Failed { error: String },
    Answered(Answer),
}

/// What it says when it starts.
#[derive(Deserialize, Clone, Debug, PartialEq, Eq)]
pub(super) struct Hello {
    pub(super) peer: String,
    pub(super) version: String,
}

/// A running peer.
pub(super) struct Peer {
    pub(super) kind: &'static PeerKind,
    child: Child,
    questions: ChildStdin,
    answers: Receiver<String>,
    pub(super) hello: Hello,
}

impl Peer {
    /// Starts the peer from `folder`, where its environment is made when it is missing.
    pub(super) fn start(
        kind: &'static PeerKind,
        folder: &Path,
        out: &mut dyn Write,
    ) -> Result<Self> {
        let python = environment(kind, folder, out)?;
        let scripts = folder.join(kind.name);
        std::fs::create_dir_all(&scripts)
            .with_context(|| format!("cannot create {}", scripts.display()))?;
        for (name, text) in kind.scripts {
            let path = scripts.join(name);
            std::fs::write(&path, text)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        let mut child = Command::new(&python)
            .arg(scripts.join("serve.py"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", python.display()))?;
        let questions = child.stdin.take().expect("its input is piped");
        let stdout = child.stdout.take().expect("its output is piped");
        let (sender, answers) = sync_channel(4);
        std::thread::spawn(move || {
            // Nobody listening any more ends the thread, and so does the end of the process.
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            let _ = lines.into_iter().try_for_each(|line| sender.send(line));
        });
        let hello = Hello { peer: String::new(), version: String::new() };
        let mut peer = Peer { kind, child, questions, answers, hello };
        let line = peer.line(GRACE)?;
        peer.hello = serde_json::from_str(&line)
            .with_context(|| format!("the peer: expected its name and version, found `{line}`"))?;
        Ok(peer)
    }

    /// Asks; gives the answer and the wall time of the whole call in seconds.
    pub(super) fn ask(&mut self, question: &Question<'_>) -> Result<(Answer, f64)> {
        let mut line = serde_json::to_string(question)?;
        line.push('\n');
        let clock = WallClock::start();
        self.questions.write_all(line.as_bytes()).context("the peer does not listen any more")?;
        self.questions.flush()?;
        let line = self.line(Duration::try_from_secs_f64(question.time_s)? + GRACE)?;
        let call_s = clock.elapsed().as_secs_f64();
        match serde_json::from_str(&line) {
            Ok(Reply::Answered(answer)) => Ok((answer, call_s)),
            Ok(Reply::Failed { error }) => bail!("the peer: {error}"),
            Err(error) => bail!("the peer: {error} in its answer `{line}`"),
        }
    }

    fn line(&self, wait: Duration) -> Result<String> {
        match self.answers.recv_timeout(wait) {
            Ok(line) => Ok(line),
            Err(RecvTimeoutError::Timeout) => bail!("the peer: no answer within {wait:?}"),
            Err(RecvTimeoutError::Disconnected) => bail!("the peer: it has ended"),
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The interpreter of the environment, which is made when it is missing or holds another package.
fn environment(kind: &PeerKind, folder: &Path, out: &mut dyn Write) -> Result<PathBuf> {
    let (venv, requirements) = (folder.join(kind.environment), kind.requirements);
    let python = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = venv.join("requirements.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|text| text == requirements) {
        return Ok(python);
    }
    writeln!(
        out,
        "making an environment in {}: {}",
        venv.display(),
        requirements.trim().replace('\n', " ")
    )?;
    out.flush()?;
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    let program = if cfg!(windows) { "python" } else { "python3" };
    run(Command::new(program).args(["-m", "venv", "--clear"]).arg(&venv))?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    run(install.args(requirements.split_whitespace()))?;
    std::fs::write(&stamp, requirements)?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("{command:?} could not be started: Python 3.11 is needed"))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(())
}

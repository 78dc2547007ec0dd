//! Unpacks gzip and tar, member after member, within explicit limits.
//!
//! One member is in memory at a time. What the bytes are is decided by their own marks (gzip's
//! magic number, a tar header's check sum), with the name as a hint for archives that are damaged.
//!
//! **Source:** RFC 1952 (gzip); POSIX.1-1988 (ustar).

use crate::diagnostic::Diagnostic;
use flate2::bufread::GzDecoder;
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::ops::ControlFlow;

/// Largest size of one text or archive member, unpacked: 256 MiB.
pub const MEMBER_BYTES_MAX: u64 = 256 << 20;

/// Largest size of one input, unpacked: 1 GiB.
pub const TOTAL_BYTES_MAX: u64 = 1 << 30;

/// Most bytes that may be read between two members: headers and long names.
const BETWEEN_MEMBERS_MAX: u64 = 1 << 20;

/// Size of a tar header.
const BLOCK: usize = 512;

/// What an input consists of.
pub(crate) enum Piece {
    /// A text without archive around it.
    Plain(Vec<u8>),
    /// A file of an archive.
    Member {
        /// Path within the archive.
        path: String,
        /// Its contents.
        bytes: Vec<u8>,
    },
    /// Something of an archive that cannot be an instance.
    Skipped {
        /// Path within the archive.
        path: String,
        /// Why it was skipped.
        why: &'static str,
    },
    /// Bytes behind complete compressed data, which do not belong to it: a warning.
    Trailing,
}

/// Gives every piece of `input` to `each` until it breaks; `wanted` tells by its path whether a
/// member is to be unpacked at all.
pub(crate) fn unpack(
    input: &mut dyn Read,
    name: &str,
    wanted: &dyn Fn(&str) -> bool,
    each: &mut dyn FnMut(Piece) -> ControlFlow<()>,
) -> Result<(), Diagnostic> {
    let (head, mut input) = peek(input, name)?;
    if !head.starts_with(&[0x1f, 0x8b]) {
        return open(&mut input, name, wanted, each);
    }
    let trailing = Cell::new(false);
    let mut stream = Gzip::new(BufReader::new(input), &trailing);
    open(&mut stream, name, wanted, &mut |piece| {
        if trailing.take() {
            each(Piece::Trailing)?;
        }
        each(piece)
    })
}

/// As [`unpack`], for an input without compression around it.
fn open(
    input: &mut dyn Read,
    name: &str,
    wanted: &dyn Fn(&str) -> bool,
    each: &mut dyn FnMut(Piece) -> ControlFlow<()>,
) -> Result<(), Diagnostic> {
    let (head, mut input) = peek(input, name)?;
    if head.starts_with(b"PK\x03\x04") || head.starts_with(&[0x1f, 0x8b]) {
        let found = if head[0] == b'P' { "a zip archive" } else { "gzip within gzip" };
        let hint = "unpack it, or pack it again as .gz or .tar.gz";
        return Err(Diagnostic::of_file(name, "text, .gz or .tar.gz", found, hint));
    }
    if is_tar_header(&head) || is_called_tar(name) {
        return members(&mut input, name, wanted, each);
    }
    let mut bytes = Vec::new();
    let count = (&mut input).take(MEMBER_BYTES_MAX + 1).read_to_end(&mut bytes);
    if count.map_err(|error| broken(name, &error))? as u64 > MEMBER_BYTES_MAX {
        return Err(too_large(name, "a text", MEMBER_BYTES_MAX));
    }
    let _ = each(Piece::Plain(bytes));
    Ok(())
}

fn members(
    input: &mut dyn Read,
    name: &str,
    wanted: &dyn Fn(&str) -> bool,
    each: &mut dyn FnMut(Piece) -> ControlFlow<()>,
) -> Result<(), Diagnostic> {
    let meter = Meter::default();
    let failed = |error: &io::Error| match meter.passed.get() {
        true => too_large(name, "headers, names and members", TOTAL_BYTES_MAX),
        false => broken(name, error),
    };
    let mut archive = tar::Archive::new(Metered { input, meter: &meter });
    let mut entries = archive.entries().map_err(|error| failed(&error))?;
    loop {
        meter.allow(BETWEEN_MEMBERS_MAX);
        let Some(entry) = entries.next() else { return Ok(()) };
        let mut entry = entry.map_err(|error| failed(&error))?;
        let path = entry.path_bytes();
        let path = String::from_utf8_lossy(path.strip_prefix(b"./").unwrap_or(&path)).into_owned();
        meter.allow(TOTAL_BYTES_MAX);
        let why = not_an_instance(&path, entry.header().entry_type());
        if why.is_some() || !wanted(&path) {
            io::copy(&mut entry, &mut io::sink()).map_err(|error| failed(&error))?;
        }
        let piece = match why {
            Some(why) => Piece::Skipped { path, why },
            None if !wanted(&path) => continue,
            None => Piece::Member { bytes: contents(&mut entry, name, &path, &failed)?, path },
        };
        if each(piece).is_break() {
            return Ok(());
        }
    }
}

fn contents(
    entry: &mut tar::Entry<'_, impl Read>,
    name: &str,
    path: &str,
    failed: &dyn Fn(&io::Error) -> Diagnostic,
) -> Result<Vec<u8>, Diagnostic> {
    let size = entry.size();
    let mut bytes = Vec::new();
    if size <= MEMBER_BYTES_MAX {
        let read = entry.take(MEMBER_BYTES_MAX).read_to_end(&mut bytes);
        read.map_err(|error| failed(&error))?;
    }
    if size > MEMBER_BYTES_MAX {
        return Err(too_large(&format!("{name}#{path}"), "a member", MEMBER_BYTES_MAX));
    }
    if (bytes.len() as u64) < size {
        let expected = format!("{size} bytes of member {path}");
        let found = format!("{} before the archive ended", bytes.len());
        return Err(Diagnostic::of_file(name, expected, found, "get a complete copy of it"));
    }
    Ok(bytes)
}

fn not_an_instance(path: &str, kind: tar::EntryType) -> Option<&'static str> {
    if kind.is_dir() {
        return Some("it is a folder");
    }
    if !kind.is_file() && !kind.is_contiguous() && !kind.is_gnu_sparse() {
        return Some("it is no plain file");
    }
    let file = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let starts = ["readme", "license", "licence", "copying", "changelog", "."];
    if starts.iter().any(|start| file.starts_with(start)) {
        return Some("its name is not that of an instance");
    }
    let ends = [".md", ".csv", ".pdf", ".html", ".xml", ".py", ".yml", ".yaml", ".png"];
    ends.iter().any(|end| file.ends_with(end)).then_some("its extension is not that of an instance")
}

/// The first block of `input`, and `input` with that block still in front.
fn peek<'r>(
    input: &'r mut dyn Read,
    name: &str,
) -> Result<(Vec<u8>, impl Read + use<'r>), Diagnostic> {
    let mut head = Vec::with_capacity(BLOCK);
    let read = input.take(BLOCK as u64).read_to_end(&mut head);
    read.map_err(|error| broken(name, &error))?;
    Ok((head.clone(), Cursor::new(head).chain(input)))
}

fn is_tar_header(block: &[u8]) -> bool {
    if block.len() < BLOCK || block[0] == 0 {
        return false;
    }
    let digits = block[148..156].iter().filter(|byte| (b'0'..=b'7').contains(byte));
    let stated = digits.fold(0_u64, |sum, digit| sum * 8 + u64::from(digit - b'0'));
    let counted = |(place, &byte): (usize, &u8)| match (148..156).contains(&place) {
        true => u64::from(b' '),
        false => u64::from(byte),
    };
    stated == block.iter().enumerate().map(counted).sum::<u64>()
}

fn is_called_tar(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".tar", ".tar.gz", ".tgz"].iter().any(|end| name.ends_with(end))
}

fn broken(name: &str, error: &io::Error) -> Diagnostic {
    let found = format!("damage or an early end ({error})");
    Diagnostic::of_file(name, "a complete file or archive", found, "get a complete copy of it")
}

fn too_large(name: &str, what: &str, limit: u64) -> Diagnostic {
    let expected = format!("{what} of at most {limit} bytes unpacked");
    Diagnostic::of_file(name, expected, "more", "split it into smaller files")
}

/// A gzip stream of any number of members. As with gzip itself, what stands behind a complete
/// member and is none is left alone; zeros there are padding.
struct Gzip<'t, R> {
    /// The member that is being read; none at the end.
    member: Option<GzDecoder<R>>,
    /// Whether something was left alone.
    trailing: &'t Cell<bool>,
}

impl<'t, R: BufRead> Gzip<'t, R> {
    fn new(input: R, trailing: &'t Cell<bool>) -> Self {
        Gzip { member: Some(GzDecoder::new(input)), trailing }
    }
}

impl<R: BufRead> Read for Gzip<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let Some(member) = self.member.take() else { break };
            let mut input = member.into_inner();
            let rest = input.fill_buf()?;
            let begins_member =
                rest.first() == Some(&0x1f) && matches!(rest.get(1), None | Some(0x8b));
            if begins_member {
                self.member = Some(GzDecoder::new(input));
            } else if rest.iter().any(|&byte| byte != 0) {
                self.trailing.set(true);
            }
        }
        Ok(0)
    }
}

/// How many bytes may still be read, in all and until the next call of `allow`.
struct Meter {
    total: Cell<u64>,
    allowed: Cell<u64>,
    passed: Cell<bool>,
}

impl Default for Meter {
    fn default() -> Self {
        let (total, allowed) = (Cell::new(TOTAL_BYTES_MAX), Cell::new(BETWEEN_MEMBERS_MAX));
        Meter { total, allowed, passed: Cell::new(false) }
    }
}

impl Meter {
    fn allow(&self, bytes: u64) {
        self.allowed.set(bytes);
    }
}

struct Metered<'m, R> {
    input: R,
    meter: &'m Meter,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.meter.total.get().min(self.meter.allowed.get());
        if left == 0 && !buffer.is_empty() {
            self.meter.passed.set(true);
            return Err(io::Error::other("the limit of its size"));
        }
        let most = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let count = self.input.read(&mut buffer[..most])?;
        self.meter.total.set(self.meter.total.get() - count as u64);
        self.meter.allowed.set(self.meter.allowed.get() - count as u64);
        Ok(count)
    }
}

//! A Rust file as the rules see it: its lines, its code without comments and texts, its comments.
//!
//! A small lexer, enough to tell code from comments, strings and characters: O(length). Masked
//! parts become spaces, so that lines and columns stay.
//!
//! **Source:** the Rust reference, chapter *Lexical structure*.

use std::path::{Path, PathBuf};

/// One Rust file.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its path from the root of the workspace.
    pub(crate) path: PathBuf,
    /// As written.
    pub(crate) text: String,
    /// Code only, test modules left out.
    pub(crate) production: String,
    /// Comments only.
    pub(crate) comments: String,
    /// Whether the whole file is a test, an example or a benchmark.
    pub(crate) is_test: bool,
    /// Modules that are declared here for tests alone.
    test_modules: Vec<String>,
    /// Lines that test modules take.
    test_lines: usize,
}

impl Source {
    /// Reads a file.
    pub(crate) fn new(path: PathBuf, text: String) -> Self {
        let (code, comments) = mask(&text);
        let Cut { production, test_modules, test_lines } = without_tests(code);
        let is_test = path
            .components()
            .any(|part| ["tests", "examples"].iter().any(|folder| part.as_os_str() == *folder));
        Source { path, text, production, comments, is_test, test_modules, test_lines }
    }

    /// Lines of the file, test modules left out.
    pub(crate) fn production_lines(&self) -> usize {
        self.text.lines().count() - self.test_lines
    }

    /// First folder and the crate's own folder: `("crates", "base")`.
    pub(crate) fn crate_folder(&self) -> (String, String) {
        let mut parts = self.path.components().map(|part| part.as_os_str().to_string_lossy());
        let first = parts.next().unwrap_or_default().into_owned();
        (first, parts.next().unwrap_or_default().into_owned())
    }
}

/// Marks files of modules that another file declares under `#[cfg(test)]`.
pub(crate) fn mark_test_files(sources: &mut [Source]) {
    let mut tests: Vec<PathBuf> = Vec::new();
    for source in sources.iter() {
        let folder = module_folder(&source.path);
        tests.extend(source.test_modules.iter().map(|name| folder.join(format!("{name}.rs"))));
    }
    for source in sources {
        source.is_test |= tests.contains(&source.path);
    }
}

/// The folder in which the modules of a file lie.
fn module_folder(path: &Path) -> PathBuf {
    let folder = path.parent().unwrap_or(Path::new(""));
    match path.file_stem().and_then(|stem| stem.to_str()) {
        Some("lib" | "main") | None => folder.to_owned(),
        Some(stem) => folder.join(stem),
    }
}

/// Code with comments and texts blanked, and comments with everything else blanked.
fn mask(text: &str) -> (String, String) {
    let letters: Vec<char> = text.chars().collect();
    let mut kinds = vec![Kind::Code; letters.len()];
    let mut at = 0;
    while at < letters.len() {
        let (kind, end) = token(&letters, at);
        kinds[at..end].fill(kind);
        at = end;
    }
    let keep = |wanted: Kind| {
        let letter = |(&letter, &kind): (&char, &Kind)| {
            if kind == wanted || letter == '\n' { letter } else { ' ' }
        };
        letters.iter().zip(&kinds).map(letter).collect()
    };
    (keep(Kind::Code), keep(Kind::Comment))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Text,
}

/// The kind of what begins at `at`, and where it ends.
fn token(letters: &[char], at: usize) -> (Kind, usize) {
    let rest = &letters[at..];
    if rest.starts_with(&['/', '/']) {
        let end = rest.iter().position(|&letter| letter == '\n').unwrap_or(rest.len());
        return (Kind::Comment, at + end);
    }
    if rest.starts_with(&['/', '*']) {
        return (Kind::Comment, at + block_comment(rest));
    }
    let in_word = at > 0 && (letters[at - 1].is_alphanumeric() || letters[at - 1] == '_');
    if !in_word && let Some(length) = raw_text(rest) {
        return (Kind::Text, at + length);
    }
    match rest[0] {
        '"' => (Kind::Text, at + quoted(rest, '"')),
        '\'' if is_character(rest) => (Kind::Text, at + quoted(rest, '\'')),
        _ => (Kind::Code, at + 1),
    }
}

fn block_comment(rest: &[char]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at + 1 < rest.len() {
        match (rest[at], rest[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// Length of a raw string that begins here, if one does.
fn raw_text(rest: &[char]) -> Option<usize> {
    let prefix = rest.iter().take_while(|letter| matches!(letter, 'b' | 'c' | 'r')).count();
    if !(1..=2).contains(&prefix) || rest[prefix - 1] != 'r' {
        return None;
    }
    let hashes = rest[prefix..].iter().take_while(|&&letter| letter == '#').count();
    let body = prefix + hashes;
    if rest.get(body) != Some(&'"') {
        return None;
    }
    let ends = |&at: &usize| {
        rest[at] == '"' && rest[at + 1..].iter().take_while(|&&it| it == '#').count() >= hashes
    };
    let end = (body + 1..rest.len()).find(ends).map_or(rest.len(), |at| at + 1 + hashes);
    Some(end)
}

fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            letter if letter == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// Whether the quote begins a character and no lifetime.
fn is_character(rest: &[char]) -> bool {
    matches!(rest, ['\'', '\\', ..] | ['\'', _, '\'', ..])
}

/// Code without items under `#[cfg(test)]`.
struct Cut {
    production: String,
    test_modules: Vec<String>,
    test_lines: usize,
}

fn without_tests(code: String) -> Cut {
    const MARK: &str = "#[cfg(test)]";
    let mut cut = Cut { production: code, test_modules: Vec::new(), test_lines: 0 };
    while let Some(begin) = cut.production.find(MARK) {
        let item = begin + MARK.len();
        let end = item_end(&cut.production, item);
        let words: Vec<&str> = cut.production[item..end].split_whitespace().collect();
        if let Some(place) = words.iter().position(|word| *word == "mod")
            && let Some(name) = words.get(place + 1).and_then(|word| word.strip_suffix(';'))
        {
            cut.test_modules.push(name.to_owned());
        }
        cut.test_lines += cut.production[begin..end].matches('\n').count() + 1;
        let spaced = |letter: char| if letter == '\n' { '\n' } else { ' ' };
        let blank: String = cut.production[begin..end].chars().map(spaced).collect();
        cut.production.replace_range(begin..end, &blank);
    }
    cut
}

/// Where the item that begins at `from` ends: after its `;` or its closing brace.
pub(crate) fn item_end(code: &str, from: usize) -> usize {
    let mut depth = 0_i32;
    for (place, letter) in code[from..].char_indices() {
        match letter {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 && (letter == '}' || letter == ';') {
            return from + place + 1;
        }
    }
    code.len()
}

/// Line of a byte position, from 1.
pub(crate) fn line_of(code: &str, position: usize) -> usize {
    code[..position].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new(PathBuf::from("crates/a/src/lib.rs"), text.to_owned())
    }

    #[test]
    fn comments_and_texts_are_no_code() {
        let it = source("let a = \"x // y\"; // z\nlet b = r#\"q\" /*\"#; /* c /* d */ */ e");
        assert!(!it.production.contains('x') && !it.production.contains('q'));
        assert!(it.production.contains("let b") && it.production.contains('e'));
        assert!(it.comments.contains("// z") && it.comments.contains("d */ */"));
        assert!(!it.comments.contains('y'));
    }

    #[test]
    fn lifetimes_are_code_and_characters_are_not() {
        let it = source("fn f<'a>(x: &'a str) { x == '\"' || y == '\\'' || z == '{' }");
        assert!(it.production.contains("'a str"));
        assert!(!it.production.contains('"') && it.production.matches('{').count() == 1);
    }

    #[test]
    fn test_modules_are_left_out() {
        let it = source("fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n");
        assert!(!it.production.contains("fn b") && it.production.contains("fn c"));
        assert_eq!(it.production_lines(), 2);
    }

    #[test]
    fn files_of_test_modules_are_tests() {
        let mut sources = vec![
            source("#[cfg(test)]\nmod twin;\nmod real;\n"),
            Source::new(PathBuf::from("crates/a/src/twin.rs"), String::new()),
            Source::new(PathBuf::from("crates/a/src/real.rs"), String::new()),
        ];
        mark_test_files(&mut sources);
        assert_eq!(sources.iter().map(|it| it.is_test).collect::<Vec<_>>(), [false, true, false]);
    }
}

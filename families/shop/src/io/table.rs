//! Rows of numbers behind a head: what the formats of flow shops and their kin share.
//!
//! The head says how many jobs and machines there are; blocks follow, each a number of rows with
//! a number of whole numbers per row. A text is compared with such a layout by the lengths of its
//! first lines and by how many lines there are: the formats that begin alike differ in just that.
//! O(file).
//!
//! **Source:** -

use ordine_wire::{DETECTION_LINES, Diagnostic, Fit, Line, Report, Text, Token, quote};

/// How the head says the numbers of jobs and machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// `jobs machines`.
    OneLine,
    /// A line `jobs`, and a line `machines`.
    TwoLines,
}

/// Rows of one kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// How many rows.
    pub rows: usize,
    /// How many numbers each has.
    pub width: usize,
    /// What a row holds: `durations of a job`.
    pub what: &'static str,
    /// What a number is: `a duration`.
    pub number: &'static str,
    /// Least number.
    pub least: i64,
    /// Largest number.
    pub most: i64,
    /// Whether every second number, from the first on, counts 0, 1, 2, ….
    pub counted: bool,
}

/// The head of a text, and the first line after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening<'t> {
    /// Number of jobs.
    pub jobs: usize,
    /// Number of machines (or stages).
    pub machines: usize,
    /// The line behind the head.
    pub first: Option<Line<'t>>,
}

/// One row as read.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its line.
    pub line: u32,
    /// Its numbers, as many as the block is wide.
    pub numbers: Vec<i64>,
}

impl Head {
    fn expected(self) -> &'static str {
        match self {
            Head::OneLine => "first two whole numbers, `jobs machines`",
            Head::TwoLines => "first a line with the number of jobs, and one of machines",
        }
    }

    /// The tokens that say jobs and machines; otherwise the line that does not.
    fn tokens<'t>(
        self,
        lines: &mut impl Iterator<Item = Line<'t>>,
    ) -> Result<[Token<'t>; 2], Option<Line<'t>>> {
        let line = lines.next().ok_or(None)?;
        let mut tokens = line.tokens();
        let (first, second) = (tokens.next(), tokens.next());
        let both = match self {
            Head::OneLine => first.zip(second).filter(|_| tokens.next().is_none()),
            Head::TwoLines => {
                let first = first.filter(|_| second.is_none()).ok_or(Some(line))?;
                let line = lines.next().ok_or(Some(line))?;
                let mut tokens = line.tokens();
                let second = tokens.next().filter(|_| tokens.next().is_none());
                return Ok([first, second.ok_or(Some(line))?]);
            }
        };
        both.map(|(first, second)| [first, second]).ok_or(Some(line))
    }
}

/// How well a text fits a head and the blocks that `blocks` derives from its opening; where that
/// fails, it says what was expected behind the head.
///
/// Missing and superfluous lines count as lines that do not fit, so that of two layouts with
/// equal rows the one with the right number of rows fits better.
pub(super) fn fit(
    text: &Text<'_>,
    head: Head,
    blocks: impl FnOnce(Opening<'_>) -> Result<Vec<Block>, &'static str>,
) -> Fit {
    let mut lines = text.data_lines();
    let no = |line: Option<Line<'_>>, expected: String| {
        let (number, found) =
            line.map_or((1, "nothing".to_owned()), |line| (line.number, quote(line.content)));
        Fit::No(Diagnostic::of_file(text.name(), expected, found, "").at_line(number))
    };
    let tokens = match head.tokens(&mut lines) {
        Ok(tokens) => tokens,
        Err(line) => return no(line, head.expected().to_owned()),
    };
    let limit = text.count_limit();
    let size = |token: Token<'_>| token.integer().map(|count| count.clamp(0, limit) as usize);
    let [Some(jobs), Some(machines)] = tokens.map(size) else {
        return no(text.data_lines().next(), head.expected().to_owned());
    };
    let first = lines.clone().next();
    let blocks = match blocks(Opening { jobs, machines, first }) {
        Ok(blocks) => blocks,
        Err(expected) => return no(first, expected.to_owned()),
    };
    let expected: usize = blocks.iter().map(|block| block.rows).sum();
    let (mut of_block, mut place) = (blocks.iter(), 0);
    let mut current = of_block.next();
    let (mut looked, mut fitting, mut wrong) = (0, 0, None);
    for line in lines.clone().take(DETECTION_LINES) {
        looked += 1;
        while current.is_some_and(|block| place >= block.rows) {
            (current, place) = (of_block.next(), 0);
        }
        place += 1;
        match current {
            Some(block) if has_shape(line, block) => fitting += 1,
            Some(block) => drop(wrong.get_or_insert((line, *block))),
            None => {}
        }
    }
    if let Some((line, block)) = wrong.filter(|_| 2 * fitting < looked) {
        return no(Some(line), format!("{} {}", block.width, block.what));
    }
    let found = lines.count();
    let unseen = found.min(expected).saturating_sub(looked);
    Fit::Lines { fitting: fitting + unseen, of: found.max(expected) }
}

/// As many tokens as the block is wide, at least half of them as they should be: a single mistake
/// must not hide what the line was meant to be.
fn has_shape(line: Line<'_>, block: &Block) -> bool {
    let fits = |place: usize, number: i64| {
        !block.counted || place % 2 == 1 || usize::try_from(number) == Ok(place / 2)
    };
    let (mut count, mut fitting) = (0, 0);
    for (place, token) in line.tokens().take(block.width.saturating_add(1)).enumerate() {
        count += 1;
        fitting += usize::from(token.integer().is_some_and(|number| fits(place, number)));
    }
    count == block.width && 2 * fitting >= count
}

/// A text whose head was read and whose rows are read block by block.
pub(super) struct Table<'t> {
    /// Number of jobs.
    pub jobs: usize,
    /// Number of machines (or stages).
    pub machines: usize,
    lines: Box<dyn Iterator<Item = Line<'t>> + 't>,
    line_last: u32,
    line_head: u32,
}

impl<'t> Table<'t> {
    /// Reads the head; `None` after a mistake, which is in the report.
    pub fn open(text: &Text<'t>, head: Head, report: &mut Report<'_>) -> Option<Table<'t>> {
        let mut lines = text.data_lines();
        let hint = "write how many jobs and machines follow";
        let [jobs, machines] = match head.tokens(&mut lines) {
            Ok(tokens) => tokens,
            Err(Some(line)) => {
                report.line(line.number, head.expected(), quote(line.content), hint);
                return None;
            }
            Err(None) => {
                report.line(1, head.expected(), "an empty file", hint);
                return None;
            }
        };
        let (line_head, limit) = (jobs.line, text.count_limit());
        let jobs = report.number(jobs, "a number of jobs that this file can hold", 1..=limit);
        let what = "a number of machines that this file can hold";
        let machines = report.number(machines, what, 1..=limit);
        Some(Table {
            jobs: jobs? as usize,
            machines: machines? as usize,
            lines: Box::new(lines),
            line_last: text.line_last(),
            line_head,
        })
    }

    /// Reads the rows of a block; those with a mistake are left out and named in the report.
    pub fn rows(&mut self, block: Block, report: &mut Report<'_>) -> Vec<Row> {
        let mut rows = Vec::new();
        for read in 0..block.rows {
            if report.is_full() {
                break;
            }
            let Some(line) = self.lines.next() else {
                let expected = format!("{} rows with the {}", block.rows, block.what);
                let hint =
                    format!("add the missing rows or correct the head in line {}", self.line_head);
                report.line(self.line_last, expected, format!("{read}"), hint);
                break;
            };
            rows.extend(self.row(line, block, report));
        }
        rows
    }

    /// The only row of a block; `None` after a mistake, which is in the report.
    pub fn row_of(&mut self, block: Block, report: &mut Report<'_>) -> Option<Row> {
        self.rows(Block { rows: 1, ..block }, report).pop()
    }

    fn row(&self, line: Line<'t>, block: Block, report: &mut Report<'_>) -> Option<Row> {
        let count = line.tokens().count();
        if count != block.width {
            let expected = format!("{} {}", block.width, block.what);
            let hint = format!("correct the row, or the head in line {}", self.line_head);
            report.line(line.number, expected, format!("{count} numbers"), hint);
            return None;
        }
        let range = block.least..=block.most;
        let numbers: Option<Vec<i64>> =
            line.tokens().map(|it| report.number(it, block.number, range.clone())).collect();
        let numbers = numbers?;
        let mut counted = (0_i64..).zip(numbers.iter().step_by(2)).filter(|_| block.counted);
        if let Some((expected, found)) = counted.find(|(expected, found)| expected != *found) {
            let expected = format!("{expected} as number {} of the row", 2 * expected + 1);
            let hint = "write the pairs in their order, counted from 0";
            report.line(line.number, expected, format!("{found}"), hint);
            return None;
        }
        Some(Row { line: line.number, numbers })
    }

    /// Says what still stands behind the last block.
    pub fn end(&mut self, report: &mut Report<'_>) {
        if let Some(line) = self.lines.next().filter(|_| report.is_clean()) {
            let expected = "the end of the file after the last row";
            let hint = format!("remove the line or correct the head in line {}", self.line_head);
            report.line(line.number, expected, quote(line.content), hint);
        }
    }
}

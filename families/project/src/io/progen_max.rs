//! Project text of ProGen/max, `.sch`: lags between starts, also negative ones.
//!
//! First line `activities renewables 0 0`, source and sink not counted. Then one row per activity,
//! numbered from 0 (source) to `activities + 1` (sink): `number 1 successors …` with one lag in
//! brackets per successor; then one row each `number 1 duration demands …`; at last the
//! capacities. An arc i -> j with lag d says `start(i) + d <= start(j)`: a negative lag bounds how
//! long after j its predecessor may start. The first 1 is the number of modes, of which only one
//! is read. O(file).
//!
//! **Source:** Schwindt 1998 (ProGen/max); Bartusch, Möhring, Radermacher 1988 (the problem).

use super::{Rows, finish, raise_saying};
use crate::{Activity, ActivityMode, ProjectInstance, StartLag};
use ordine_base::{Demand, Ticks};
use ordine_problem::{Feature, FeatureSet, Problem};
use ordine_wire::{
    About, Diagnostic, Diagnostics, Fit, Format, FormatError, Line, Report, Text, Token, quote,
};
use std::fmt::Write;

/// The format `progen-max`.
#[derive(Clone, Copy, Debug)]
pub struct ProgenMax;

/// Most renewables.
const RESOURCES_MAX: i64 = 1000;

/// What it can say.
const SAYS: FeatureSet = FeatureSet::of(&[
    Feature::SeveralResources,
    Feature::ResourceFreeWork,
    Feature::Renewables,
    Feature::Lags,
    Feature::GeneralPrecedences,
    Feature::MaximalLags,
    Feature::Branching,
]);

impl Format for ProgenMax {
    fn about(&self) -> About {
        About {
            name: "progen-max",
            summary: "project with one mode and lags between starts, also negative ones (.sch)",
            source: "Schwindt 1998 (ProGen/max)",
            extensions: &["sch"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        let wrong = |line: u32, expected: &str, found: String| {
            Fit::No(Diagnostic::of_file(text.name(), expected, found, "").at_line(line))
        };
        let mut lines = text.data_lines();
        let expected = "first four whole numbers, `activities renewables 0 0`";
        let Some(first) = lines.next() else {
            return wrong(1, expected, "nothing".to_owned());
        };
        let head: Option<Vec<i64>> = first.tokens().take(5).map(Token::integer).collect();
        let Some([_, renewables, _, _]) = head.as_deref() else {
            return wrong(first.number, expected, quote(first.content));
        };
        let amounts = |line: Line<'_>| {
            let numbers: Option<Vec<i64>> = line.tokens().map(Token::integer).collect();
            let count = numbers.map(|numbers| numbers.len() as i64);
            count.is_some_and(|count| count == *renewables || count - 3 == *renewables)
        };
        Fit::of_lines(
            lines,
            |line| are_arcs(*line) || amounts(*line),
            |line| {
                let expected = "rows `number 1 count successors` with one lag in brackets each";
                let found = quote(line.content);
                Diagnostic::of_file(text.name(), expected, found, "").at_line(line.number)
            },
        )
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        let mut report = Report::new(text);
        let mut rows = Rows::new(text.instance(), 0);
        match read_project(text, &mut rows, &mut report) {
            Some(()) if report.is_clean() => finish(&rows, report),
            _ => Err(report.fail()),
        }
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let no_words = |what| FormatError::NoWords { format: self.about().name, what };
        let project = raise_saying(self, problem, SAYS)?;
        if project.activities.len() < 2 {
            return Err(no_words("a project without source and sink".to_owned()));
        }
        if project.activities.iter().any(|activity| !activity.successors.is_empty()) {
            return Err(no_words("precedences from end to start".to_owned()));
        }
        Ok(written(&project))
    }
}

/// Whether a line is `number modes count`, then as many successors, then as many lags.
fn are_arcs(line: Line<'_>) -> bool {
    let tokens: Vec<Token<'_>> = line.tokens().collect();
    let Some((start, listed)) = tokens.split_at_checked(3) else { return false };
    let count = start[2].integer().and_then(|count| usize::try_from(count).ok());
    let halves = count.and_then(|count| listed.split_at_checked(count));
    let all_numbers = |list: &[Token<'_>]| list.iter().all(|token| token.integer().is_some());
    halves.is_some_and(|(successors, lags)| {
        let are_lags = lags.iter().all(|token| bracketed(*token).is_some());
        all_numbers(start) && all_numbers(successors) && are_lags && lags.len() == successors.len()
    })
}

/// The number of a token `[number]`.
fn bracketed(token: Token<'_>) -> Option<i64> {
    token.text.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

/// What the first line says.
struct Head {
    /// Source and sink included.
    activities: usize,
    renewables: usize,
}

/// `None` behind a mistake, which is in the report, that leaves no structure to trust.
fn read_project(text: &Text<'_>, rows: &mut Rows, report: &mut Report<'_>) -> Option<()> {
    let mut lines = text.data_lines();
    let head = read_head(text, lines.next(), report)?;
    let mut next = |what: String, report: &mut Report<'_>| {
        let line = lines.next();
        if line.is_none() {
            let hint = "get a complete copy of the file, or correct its first line";
            report.line(text.line_last(), what, "the end of the file", hint);
        }
        line
    };
    let last = head.activities - 1;
    for number in 0..head.activities {
        let line = next(format!("the successors of activity {number} of 0 to {last}"), report)?;
        let lags = read_arcs(line, number, &head, report)?;
        rows.project.activities.push(Activity { lags, ..Activity::default() });
        rows.lines.push(line.number);
    }
    for number in 0..head.activities {
        let line = next(format!("duration and demands of activity {number}"), report)?;
        let mut tokens = line.tokens();
        let place = number as i64;
        number_of(tokens.next(), line, "activity number", place..=place, report)?;
        number_of(tokens.next(), line, "mode number", 1..=1, report)?;
        let most = Ticks::MAX.get();
        let duration = number_of(tokens.next(), line, "a duration", 0..=most, report)?;
        let demands = read_amounts(tokens, line, "demands", head.renewables, report)?;
        let mode = ActivityMode { duration: Ticks::new(duration), demands };
        rows.project.activities[number].modes.push(mode);
    }
    if head.renewables > 0 {
        let line = next("a row of capacities".to_owned(), report)?;
        let (tokens, count) = (line.tokens(), head.renewables);
        rows.project.renewables = read_amounts(tokens, line, "capacities", count, report)?;
    }
    let Some(extra) = lines.next() else { return Some(()) };
    let expected = "the end of the file after the capacities";
    let hint = "remove what follows, or correct the first line";
    report.line(extra.number, expected, quote(extra.content), hint);
    None
}

fn read_head(text: &Text<'_>, line: Option<Line<'_>>, report: &mut Report<'_>) -> Option<Head> {
    let expected = "four whole numbers, `activities renewables 0 0`";
    let hint = "write how many activities and renewables follow";
    let Some(line) = line else {
        report.line(1, expected, "an empty file", hint);
        return None;
    };
    let tokens: Vec<Token<'_>> = line.tokens().take(5).collect();
    let [activities, renewables, nonrenewables, both] = tokens[..] else {
        report.line(line.number, expected, quote(line.content), hint);
        return None;
    };
    let what = "a number of activities that this file can hold";
    let activities = report.number(activities, what, 0..=text.count_limit());
    let renewables = report.number(renewables, "a number of renewables", 0..=RESOURCES_MAX);
    let others = [
        report.number(nonrenewables, "number of nonrenewables (the format has none)", 0..=0),
        report.number(both, "number of doubly constrained resources", 0..=0),
    ];
    others.into_iter().all(|it| it.is_some()).then_some(())?;
    Some(Head { activities: activities? as usize + 2, renewables: renewables? as usize })
}

/// `number 1 count`, as many successors, as many lags in brackets.
fn read_arcs(
    line: Line<'_>,
    number: usize,
    head: &Head,
    report: &mut Report<'_>,
) -> Option<Vec<StartLag>> {
    let mut tokens = line.tokens();
    let place = number as i64;
    number_of(tokens.next(), line, "activity number", place..=place, report)?;
    number_of(tokens.next(), line, "number of modes", 1..=1, report)?;
    let most = line.content.len() as i64;
    let count = number_of(tokens.next(), line, "a number of successors", 0..=most, report)?;
    let listed: Vec<Token<'_>> = tokens.collect();
    if listed.len() as i64 != 2 * count {
        let expected = format!("{count} successors of activity {number} and as many lags");
        let hint = "correct the number of successors or the lists";
        report.line(line.number, expected, format!("{} words", listed.len()), hint);
        return None;
    }
    let (others, lags) = listed.split_at(count as usize);
    let known = 0..=head.activities as i64 - 1;
    let arc = |(other, lag): (&Token<'_>, &Token<'_>)| {
        let other = report.number(*other, "a successor", known.clone())?;
        let lag = read_lag(*lag, report)?;
        Some(StartLag { other: other as usize, lag })
    };
    others.iter().zip(lags).map(arc).collect()
}

fn read_lag(token: Token<'_>, report: &mut Report<'_>) -> Option<Ticks> {
    let most = Ticks::MAX.get();
    let lag = bracketed(token).filter(|lag| (-most..=most).contains(lag));
    if lag.is_none() {
        let hint = "write one lag per successor, each in its own brackets";
        report.at(token, "a lag in brackets, such as `[-3]`", hint);
    }
    lag.map(Ticks::new)
}

fn read_amounts<'l>(
    tokens: impl Iterator<Item = Token<'l>>,
    line: Line<'_>,
    what: &str,
    count: usize,
    report: &mut Report<'_>,
) -> Option<Vec<Demand>> {
    let tokens: Vec<Token<'_>> = tokens.collect();
    if tokens.len() != count {
        let expected = format!("{count} {what}, one per renewable");
        let hint = "complete the row, or correct the number of renewables in the first line";
        report.line(line.number, expected, tokens.len().to_string(), hint);
        return None;
    }
    let most = Demand::MAX.get();
    let amount = |token| report.number(token, "an amount", 0..=most).map(Demand::new);
    tokens.into_iter().map(amount).collect()
}

fn number_of(
    token: Option<Token<'_>>,
    line: Line<'_>,
    what: &str,
    range: std::ops::RangeInclusive<i64>,
    report: &mut Report<'_>,
) -> Option<i64> {
    let Some(token) = token else {
        report.line(line.number, what, "the end of the line", "complete the row");
        return None;
    };
    report.number(token, what, range)
}

fn written(project: &ProjectInstance) -> String {
    const FULL: &str = "a String takes everything";
    let (activities, renewables) = (project.activities.len() - 2, project.renewables.len());
    let mut out = format!("{activities}\t{renewables}\t0\t0\n");
    for (number, activity) in project.activities.iter().enumerate() {
        write!(out, "{number}\t1\t{}", activity.lags.len()).expect(FULL);
        for arc in &activity.lags {
            write!(out, "\t{}", arc.other).expect(FULL);
        }
        for arc in &activity.lags {
            write!(out, "\t[{}]", arc.lag).expect(FULL);
        }
        out.push('\n');
    }
    let amounts = |list: &[Demand]| -> String {
        list.iter().map(|amount| amount.to_string()).collect::<Vec<_>>().join("\t")
    };
    for (number, activity) in project.activities.iter().enumerate() {
        let mode = &activity.modes[0];
        let mut row = format!("{number}\t1\t{}", mode.duration);
        if renewables > 0 {
            write!(row, "\t{}", amounts(&mode.demands)).expect(FULL);
        }
        writeln!(out, "{row}").expect(FULL);
    }
    writeln!(out, "{}", amounts(&project.renewables)).expect(FULL);
    out
}

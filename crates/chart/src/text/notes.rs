//! What stands below the plot: the meaning of marks, who is late, who is left out.
//!
//! **Source:** -

use super::{BREAK, Frame, HOLD, REST, SETUP, clean, more};
use crate::scene::{Labeling, LaneKind};

impl Frame<'_> {
    pub(super) fn note_lines(&self, lines: &mut Vec<String>) {
        let scene = self.scene;
        let is_bare = self.labeling == Labeling::Bare;
        if is_bare && scene.bars.values().any(|bar| !bar.label.is_empty()) {
            let note = "heights are shares of busy time: most names do not fit on their tasks";
            lines.push(note.to_owned());
        }
        let marks = scene.marks();
        let is_closed = scene.lanes.values().any(|lane| !lane.breaks.is_empty());
        let words = [
            (marks.setup && !is_bare, SETUP, "setup"),
            (marks.hold && !is_bare, HOLD, "ended, blocks"),
            (is_closed && !is_bare, BREAK, "break"),
            (marks.pauses && !is_bare, REST, "rests"),
            (marks.over, '!', "beyond the capacity"),
        ];
        let shown = words.iter().filter(|it| it.0).map(|(_, mark, word)| format!("{mark} {word}"));
        let shown: Vec<String> = shown.collect();
        if !shown.is_empty() {
            lines.push(shown.join("  "));
        }
        let mark = if scene.lane_kind == LaneKind::Machines { '═' } else { '▓' };
        let late = |it: &crate::Late| format!("{} +{}", clean(&it.name), it.tardiness);
        let late: Vec<String> = scene.late.iter().map(late).collect();
        lines.extend(listed(&format!("late ({mark}): "), &late, self.width));
        let absent: Vec<String> = scene.absent.iter().map(|name| clean(name)).collect();
        lines.extend(listed("left out: ", &absent, self.width));
    }
}

/// The words, as far as one line goes.
fn listed(head: &str, words: &[String], width: usize) -> Option<String> {
    let (first, rest) = words.split_first()?;
    let mut line = format!("{head}{first}");
    for (index, word) in rest.iter().enumerate() {
        if line.chars().count() + word.chars().count() + 12 > width {
            return Some(line + &more(rest.len() - index, ""));
        }
        line += &format!(", {word}");
    }
    Some(line)
}

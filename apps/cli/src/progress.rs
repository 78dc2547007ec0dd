//! The progress line: incumbent, bound, gap, time, and who found what.
//!
//! Drawn on stderr, on a terminal only; it vanishes when the run ends.
//!
//! **Source:** -

use crate::report::percent;
use indicatif::{ProgressBar, ProgressStyle};
use ordine_base::{Cost, RunEvent};
use ordine_wire::visible;
use std::time::Duration;

const REFRESH: Duration = Duration::from_millis(100);

/// A line that is drawn again and again.
#[derive(Debug)]
pub struct ProgressLine {
    bar: ProgressBar,
    incumbent: Option<(Cost, &'static str)>,
    bound: (Cost, &'static str),
}

impl ProgressLine {
    /// Begins to draw; `elapsed` is the time that the run has taken so far.
    pub fn start(instance: &str, bound: Cost, elapsed: Duration) -> Self {
        let style = ProgressStyle::with_template("{spinner} {prefix}  {elapsed}  {wide_msg}")
            .expect("a template that was tried");
        let bar = ProgressBar::new_spinner().with_style(style).with_elapsed(elapsed);
        bar.set_prefix(visible(instance));
        bar.enable_steady_tick(REFRESH);
        let line = ProgressLine { bar, incumbent: None, bound: (bound, "longest path") };
        line.draw();
        line
    }

    /// Takes an event into the line.
    pub fn notice(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Incumbent { cost, source, .. } => {
                self.incumbent = Some((cost.clone(), source));
            }
            RunEvent::Bound { bound, source, .. } => self.bound = (bound.clone(), source),
        }
        self.draw();
    }

    /// Prints a line above.
    pub fn print_above(&self, line: &str) {
        self.bar.println(line);
    }

    fn draw(&self) {
        self.bar.set_message(words(self.incumbent.as_ref(), &self.bound));
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn words(incumbent: Option<&(Cost, &'static str)>, bound: &(Cost, &'static str)) -> String {
    let bound_words = format!("bound {} ({})", bound.0, bound.1);
    match incumbent {
        None => format!("no schedule yet  {bound_words}"),
        Some((cost, source)) => {
            let gap = percent(cost.gap(&bound.0));
            format!("incumbent {cost} ({source})  {bound_words}  gap {gap}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_who_found_what() {
        let bound = (Cost::single(800), "one machine");
        assert_eq!(words(None, &bound), "no schedule yet  bound 800 (one machine)");
        assert_eq!(
            words(Some(&(Cost::single(1000), "tabu")), &bound),
            "incumbent 1000 (tabu)  bound 800 (one machine)  gap 20.00 %"
        );
    }
}

//! Who listens to a run: progress line, trace, chart of convergence and the messages of `-v`.
//!
//! **Source:** -

use crate::charts::Recorder;
use crate::progress::ProgressLine;
use crate::trace::Trace;
use ordine_base::{Observer, RunEvent};
use ordine_wire::visible;
use std::io::{self, Write};

/// All listeners of one run.
pub struct Events<'a> {
    /// Name of the instance.
    pub instance: &'a str,
    /// The progress line, on a terminal.
    pub progress: Option<ProgressLine>,
    /// The trace, where one was asked for.
    pub trace: Option<&'a mut Trace>,
    /// What remembers the events for a chart.
    pub recorder: Option<&'a mut Recorder>,
    /// Whether every event is told on stderr.
    pub verbose: bool,
}

impl Observer for Events<'_> {
    fn notice(&mut self, event: &RunEvent) {
        if let Some(progress) = &mut self.progress {
            progress.notice(event);
        }
        if let Some(trace) = &mut self.trace {
            trace.notice(self.instance, event);
        }
        if let Some(recorder) = &mut self.recorder {
            recorder.notice(event);
        }
        if self.verbose {
            self.tell(&words(self.instance, event));
        }
    }
}

impl Events<'_> {
    fn tell(&self, line: &str) {
        let line = &visible(line);
        match &self.progress {
            Some(progress) => progress.print_above(line),
            None => {
                // That nobody reads stderr is no error.
                let _ = writeln!(io::stderr().lock(), "{line}");
            }
        }
    }
}

fn words(instance: &str, event: &RunEvent) -> String {
    let (word, value, source, elapsed) = match event {
        RunEvent::Incumbent { cost, source, elapsed, .. } => ("incumbent", cost, source, elapsed),
        RunEvent::Bound { bound, source, elapsed, .. } => ("bound", bound, source, elapsed),
    };
    let seconds = elapsed.as_secs_f64();
    format!("{instance}  {seconds:>8.3} s  {word:<9}  {value:>10}  {source}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Cost;
    use std::time::Duration;

    #[test]
    fn events_are_told_in_columns() {
        let event = RunEvent::Incumbent {
            cost: Cost::single(930),
            source: "tabu",
            elapsed: Duration::from_millis(250),
            work: 7,
        };
        assert_eq!(words("ft10", &event), "ft10     0.250 s  incumbent  930  tabu");
    }
}

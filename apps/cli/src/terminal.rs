//! What the program knows about where it prints: width, colors, whether somebody looks.
//!
//! **Source:** <https://no-color.org>.

use ordine_chart::TextStyle;
use ordine_wire::visible;
use std::io::{self, IsTerminal, Write};
use terminal_size::{Width, terminal_size};

/// Columns when nobody says how many there are.
const WIDTH: u16 = 80;

/// Whether stdout goes to a terminal.
pub fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Whether a person sees both outputs, so that a line may be drawn again and again.
pub fn shows_progress() -> bool {
    is_terminal() && std::io::stderr().is_terminal()
}

/// How to draw text on stdout.
pub fn style() -> TextStyle {
    match is_terminal() {
        false => TextStyle::plain(WIDTH),
        true if has_colors() => TextStyle::ansi(width()),
        true => TextStyle::plain(width()),
    }
}

/// Prints lines for people: names from a file can neither move the cursor nor begin a line.
///
/// # Errors
/// When nobody reads what is printed.
pub fn write_lines<'l>(
    out: &mut dyn Write,
    lines: impl IntoIterator<Item = &'l String>,
) -> io::Result<()> {
    lines.into_iter().try_for_each(|line| writeln!(out, "{}", visible(line)))
}

/// Columns of stdout.
pub fn width() -> u16 {
    match terminal_size() {
        Some((Width(columns), _)) if is_terminal() => columns,
        _ => WIDTH,
    }
}

/// Whether escape sequences make sense on a terminal.
fn has_colors() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    !is_set("NO_COLOR") && !is_dumb
}

//! HTML: a page that holds its chart, with zoom, details and precedences for whoever points.
//!
//! One file that loads nothing: the scene is data in the page, a script draws on a canvas what is
//! in sight, so that thousands of tasks stay smooth. Charts other than schedules are pages around
//! their SVG. Names are data, never markup or script. The same scene gives the same bytes.
//!
//! **Source:** W3C, HTML canvas 2D context; Content Security Policy (the page may load nothing).

mod data;

use crate::drawing::Drawing;
use crate::scene::Scene;
use crate::svg::{Texts, document, escaped};
use crate::theme::{Colors, DARK, Theme, hex};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// The scene as an HTML page.
pub fn html(scene: &Scene, theme: Theme) -> String {
    let absent = match scene.absent.as_slice() {
        [] => String::new(),
        names => {
            let list: Vec<String> = names.iter().map(|name| escaped(name)).collect();
            let (count, list) = (names.len(), list.join(", "));
            format!("<details><summary>left out ({count})</summary>{list}</details>\n")
        }
    };
    let late = match scene.late.as_slice() {
        [] => String::new(),
        late => {
            let one = |it: &crate::Late| format!("{} +{}", escaped(&it.name), it.tardiness);
            let list: Vec<String> = late.iter().map(one).collect();
            let (count, list) = (late.len(), list.join(", "));
            format!("<details><summary>late ({count})</summary>{list}</details>\n")
        }
    };
    let body = format!(
        "<header><h1>{}</h1><p>{}</p><div class=\"tools\">\
         <input id=\"find\" type=\"search\" placeholder=\"find a task\" aria-label=\"find a task\">\
         <button id=\"out\" title=\"less detail (-)\">−</button>\
         <button id=\"in\" title=\"more detail (+, or Ctrl and wheel)\">+</button>\
         <button id=\"fit\" title=\"all of it (0)\">all</button></div></header>\n\
         <div id=\"legend\"></div>\n{late}{absent}\
         <div id=\"view\"><canvas id=\"chart\" tabindex=\"0\" role=\"img\" \
         aria-label=\"{}\"></canvas><div id=\"space\"></div></div>\n\
         <div id=\"tip\"></div>\n<noscript>This chart needs scripts.</noscript>\n\
         <script type=\"application/json\" id=\"scene\">{}</script>\n<script>\n{SCRIPT}</script>\n",
        escaped(&scene.title),
        escaped(&scene.subtitle),
        escaped(&format!("{}: {}", scene.title, scene.subtitle)),
        data::json(scene),
    );
    page(&scene.title, theme, &body)
}

/// A page around a picture.
pub(crate) fn picture(drawing: &Drawing, theme: Theme) -> String {
    let body = format!("<main>{}</main>\n", document(drawing, theme, Texts::Words));
    page(&drawing.title, theme, &body)
}

fn page(title: &str, theme: Theme, body: &str) -> String {
    let scheme = if theme == Theme::Auto { "light dark" } else { theme.name() };
    let dark = match theme {
        Theme::Auto => {
            format!("@media (prefers-color-scheme:dark){{:root{{{}}}}}\n", variables(&DARK))
        }
        _ => String::new(),
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <meta name=\"color-scheme\" content=\"{scheme}\">\n<title>{}</title>\n\
         <style>\n:root{{{}}}\n{dark}{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escaped(title),
        variables(theme.colors()),
    )
}

fn variables(colors: &Colors) -> String {
    let named = [
        ("page", colors.page),
        ("stripe", colors.stripe),
        ("grid", colors.grid),
        ("frame", colors.frame),
        ("ink", colors.ink),
        ("note", colors.note),
        ("late", colors.late),
        ("closed", colors.closed),
        ("paused", colors.paused),
        ("slow", colors.slow),
        ("over", colors.over),
    ];
    named.map(|(name, rgb)| format!("--{name}:{}", hex(rgb))).join(";")
}

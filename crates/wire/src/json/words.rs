//! What serde says, in the words of people who write files by hand.
//!
//! **Source:** -

/// What was expected and what was found, from a message of serde; `object` describes the object
/// that was being read.
pub(super) fn translate(message: &str, object: &str) -> (String, String) {
    if let Some(key) = message.strip_prefix("missing field ") {
        return (format!("{key} in {object}"), "none".to_owned());
    }
    if message.starts_with("data did not match any variant") {
        return ("a whole number or a list of them".to_owned(), "something else".to_owned());
    }
    if message.starts_with("EOF while parsing") || message.starts_with("premature end") {
        return ("complete and correct JSON".to_owned(), "its end too early".to_owned());
    }
    if message == "trailing characters" {
        return ("the end of a list or an object".to_owned(), "more behind it".to_owned());
    }
    if let Some(expected) = message.strip_prefix("expected ") {
        let expected = match expected {
            "value" | "ident" => "a value of JSON",
            other => other,
        };
        return (expected.to_owned(), "something else".to_owned());
    }
    match message.split_once(", expected ") {
        Some((found, expected)) => (expected_words(expected, object), found_words(found)),
        None => ("complete and correct JSON of this format".to_owned(), message.to_owned()),
    }
}

fn expected_words(expected: &str, object: &str) -> String {
    let words = match expected {
        "i64" => "a whole number below 2^63",
        "u64" => "a whole number from 0",
        "a borrowed string" | "string" | "str" => "a string",
        "a sequence" => "a list",
        "a boolean" => "`true` or `false`",
        "string or map" => "one of the words of this format",
        other if other.starts_with("struct ") => object,
        other if other.starts_with("enum ") => "one of the words of this format",
        other => other,
    };
    words.to_owned()
}

fn found_words(found: &str) -> String {
    let kind = ["invalid type: ", "invalid value: "].iter().find_map(|it| found.strip_prefix(it));
    let Some(kind) = kind else { return found.to_owned() };
    match kind {
        "sequence" => "a list".to_owned(),
        "map" => "an object".to_owned(),
        "null" | "unit value" | "Option value" => "`null`".to_owned(),
        _ => {
            let named = [
                ("floating point ", "the number "),
                ("integer ", "the number "),
                ("number ", "the number "),
                ("string ", "the text "),
                ("boolean ", ""),
            ];
            let renamed =
                |(from, to): &(&str, &str)| Some(format!("{to}{}", kind.strip_prefix(from)?));
            named.iter().find_map(renamed).unwrap_or_else(|| kind.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_type_of_the_program_is_named() {
        for (message, expected, found) in [
            ("invalid type: floating point `9.5`, expected i64", "a whole number", "number `9.5`"),
            ("invalid value: integer `-1`, expected u64", "whole number from 0", "number `-1`"),
            ("invalid type: string \"soon\", expected i64", "a whole number", "text \"soon\""),
            ("invalid type: sequence, expected struct Head", "a problem", "a list"),
            ("invalid type: map, expected a sequence", "a list", "an object"),
            ("missing field `tasks`", "`tasks` in a problem", "none"),
            ("unknown field `dew`, expected one of `due`, `name`", "one of `due`", "`dew`"),
            ("invalid type: null, expected a boolean", "`true` or `false`", "`null`"),
            ("EOF while parsing a list", "complete and correct JSON", "its end too early"),
            ("expected value", "a value of JSON", "something else"),
            ("trailing characters", "the end of a list", "more"),
            ("data did not match any variant of untagged enum Levels", "a list of them", "else"),
        ] {
            let words = translate(message, "a problem");
            assert!(words.0.contains(expected) && words.1.contains(found), "{message}: {words:?}");
        }
    }
}

//! What differs between two texts, word by word or line by line: the longest common part stays.
//!
//! O(words²) time and space.
//!
//! **Source:** Wagner, Fischer 1974.

/// Lines of a text of several, words of a text of one: `-` what is gone, `+` what is new, ` ` what
/// stays. What has the same sign stands together.
pub fn differences(old: &str, new: &str) -> Vec<(char, String)> {
    let by_line = old.trim().contains('\n') || new.trim().contains('\n');
    let split = |text: &str| -> Vec<String> {
        match by_line {
            true => text.lines().map(str::to_owned).collect(),
            false => text.split_whitespace().map(str::to_owned).collect(),
        }
    };
    let (old, new) = (split(old), split(new));
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for from in (0..old.len()).rev() {
        for to in (0..new.len()).rev() {
            common[from][to] = match old[from] == new[to] {
                true => common[from + 1][to + 1] + 1,
                false => common[from + 1][to].max(common[from][to + 1]),
            };
        }
    }
    let (mut from, mut to) = (0, 0);
    let mut found: Vec<(char, String)> = Vec::new();
    let mut push = |sign: char, part: &str| match found.last_mut() {
        Some((last, text)) if *last == sign && !by_line => {
            text.push(' ');
            text.push_str(part);
        }
        _ => found.push((sign, part.to_owned())),
    };
    while from < old.len() || to < new.len() {
        if from < old.len() && to < new.len() && old[from] == new[to] {
            push(' ', &old[from]);
            (from, to) = (from + 1, to + 1);
        } else if to == new.len()
            || (from < old.len() && common[from + 1][to] >= common[from][to + 1])
        {
            push('-', &old[from]);
            from += 1;
        } else {
            push('+', &new[to]);
            to += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_is_told_apart_from_what_changed() {
        let found = differences("max(t + p, d) + 1", "max(t + p, d) + 0.5 * p");
        let found: Vec<(char, &str)> = found.iter().map(|it| (it.0, it.1.as_str())).collect();
        assert_eq!(found, [(' ', "max(t + p, d) +"), ('-', "1"), ('+', "0.5 * p")]);
        let lines = differences("a\nb\nc", "a\nx\nc");
        assert_eq!(lines.iter().map(|it| it.0).collect::<String>(), " -+ ");
    }
}

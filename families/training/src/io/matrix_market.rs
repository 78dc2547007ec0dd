//! Matrix Market: sparse and dense matrices as text.
//!
//! `%%MatrixMarket matrix coordinate|array real|integer|pattern general|symmetric`, comments with
//! `%`, a line of sizes, then one entry per line; places count from 1, dense entries stand column
//! by column. Of a symmetric matrix the file holds the lower half and the reader gives both.
//! Entries of a pattern are 1. Complex, skew-symmetric and Hermitian matrices are refused, as is a
//! place that is given twice.
//!
//! **Source:** Boisvert, Pozo, Remington 1996 (NISTIR 5935).

use ordine_wire::{Diagnostic, Diagnostics, Line, Report, Text, quote};
use sprs::{CsMat, TriMat};
use std::io::{self, Write};

/// What the first line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    dense: bool,
    pattern: bool,
    symmetric: bool,
}

const HEAD: &str = "%%MatrixMarket matrix coordinate|array real|integer|pattern general|symmetric";

/// Reads a matrix; `name` stands in messages.
///
/// # Errors
/// All that is wrong with the text, with lines.
pub fn read_matrix_market(name: &str, bytes: &[u8]) -> Result<CsMat<f64>, Diagnostics> {
    let text = Text::new(name, bytes)?;
    let mut report = Report::new(&text);
    let head = text.lines().next().and_then(|line| read_head(line.content));
    let Some(head) = head else {
        let found = text.lines().next().map_or("nothing".to_owned(), |line| quote(line.content));
        report.line(1, HEAD, found, "give a real matrix in Matrix Market's format");
        return Err(report.fail());
    };
    let mut lines = text.lines().skip(1).filter(|line| {
        let content = line.content.trim_ascii();
        !content.is_empty() && !content.starts_with('%')
    });
    let Some(sizes) = lines.next().and_then(|line| read_sizes(line, head, &text, &mut report))
    else {
        if report.is_clean() {
            report.line(text.line_last(), "a line of sizes", "the end", "complete the file");
        }
        return Err(report.fail());
    };
    let mut triplets = TriMat::new((sizes.rows, sizes.columns));
    let mut count = 0;
    for line in lines {
        if report.is_full() {
            return Err(report.fail());
        }
        if let Some(entry) = read_entry(line, count, head, sizes, &mut report) {
            add(&mut triplets, head, entry);
        }
        count += 1;
    }
    if count != sizes.entries {
        let (expected, found) = (format!("{} entries", sizes.entries), count.to_string());
        report.whole(expected, found, "correct the line of sizes, or the entries");
    }
    let matrix: CsMat<f64> = triplets.to_csr();
    if matrix.nnz() != triplets.nnz() {
        let found = format!("{} places given again", triplets.nnz() - matrix.nnz());
        report.whole("every place once", found, "keep one entry per place");
    }
    report.finish(matrix)
}

/// Reads a vector: a matrix with one column.
///
/// # Errors
/// All that is wrong with the text, or that it has other than one column.
pub fn read_matrix_market_vector(name: &str, bytes: &[u8]) -> Result<Vec<f64>, Diagnostics> {
    let matrix = read_matrix_market(name, bytes)?;
    if matrix.cols() != 1 {
        let (expected, found) = ("one column", format!("{}", matrix.cols()));
        return Err(Diagnostic::of_file(name, expected, found, "give a vector").into());
    }
    let mut vector = vec![0.0; matrix.rows()];
    matrix.iter().for_each(|(value, (row, _))| vector[row] = *value);
    Ok(vector)
}

/// Writes a matrix, every entry that is stored.
///
/// # Errors
/// Those of the writer.
pub fn write_matrix_market(matrix: &CsMat<f64>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "%%MatrixMarket matrix coordinate real general")?;
    writeln!(out, "{} {} {}", matrix.rows(), matrix.cols(), matrix.nnz())?;
    for (value, (row, column)) in matrix {
        writeln!(out, "{} {} {value:e}", row + 1, column + 1)?;
    }
    Ok(())
}

#[derive(Clone, Copy, Debug)]
struct Sizes {
    rows: usize,
    columns: usize,
    entries: usize,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    row: usize,
    column: usize,
    value: f64,
}

fn read_head(line: &str) -> Option<Head> {
    let words: Vec<String> = line.split_ascii_whitespace().map(str::to_ascii_lowercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ["%%matrixmarket", "matrix", shape, field, symmetry] = words[..] else { return None };
    let dense = shape == "array";
    let pattern = field == "pattern" && !dense;
    let known = (dense || shape == "coordinate")
        && (pattern || ["real", "integer"].contains(&field))
        && ["general", "symmetric"].contains(&symmetry);
    known.then_some(Head { dense, pattern, symmetric: symmetry == "symmetric" })
}

fn read_sizes(
    line: Line<'_>,
    head: Head,
    text: &Text<'_>,
    report: &mut Report<'_>,
) -> Option<Sizes> {
    let tokens: Vec<_> = line.tokens().collect();
    let needed = if head.dense { 2 } else { 3 };
    if tokens.len() != needed {
        let found = format!("{} numbers", tokens.len());
        report.line(line.number, format!("{needed} numbers"), found, "give rows, columns, entries");
        return None;
    }
    let limit = text.count_limit();
    let rows = report.number(tokens[0], "rows", 0..=limit)? as usize;
    let columns = report.number(tokens[1], "columns", 0..=limit)? as usize;
    if head.symmetric && rows != columns {
        let found = format!("{rows} rows and {columns} columns");
        report.line(line.number, "a square matrix", found, "say general, or correct the sizes");
        return None;
    }
    let entries = match (head.dense, head.symmetric) {
        (true, true) => rows * (rows + 1) / 2,
        (true, false) => rows.saturating_mul(columns),
        (false, _) => report.number(tokens[2], "entries", 0..=limit)? as usize,
    };
    Some(Sizes { rows, columns, entries })
}

fn read_entry(
    line: Line<'_>,
    number: usize,
    head: Head,
    sizes: Sizes,
    report: &mut Report<'_>,
) -> Option<Entry> {
    let mut tokens = line.tokens();
    let (row, column) = if head.dense {
        dense_place(number, head, sizes)?
    } else {
        let mut place = |what, most: usize| {
            let token = tokens.next()?;
            Some(report.number(token, what, 1..=most as i64)? as usize - 1)
        };
        let (row, column) = (place("a row", sizes.rows), place("a column", sizes.columns));
        if (row.is_none() || column.is_none()) && line.tokens().count() < 2 {
            report.line(line.number, "a row and a column", quote(line.content), "complete it");
        }
        (row?, column?)
    };
    let value = match (head.pattern, tokens.next()) {
        (true, None) => 1.0,
        (false, Some(token)) => {
            let value = token.text.parse::<f64>().ok().filter(|value| value.is_finite());
            if value.is_none() {
                report.at(token, "a finite number", "correct the number");
            }
            value?
        }
        (false, None) => {
            report.line(line.number, "a value", quote(line.content), "complete the entry");
            return None;
        }
        (true, Some(token)) => {
            report.at(token, "the end of the line", "a pattern has no values");
            return None;
        }
    };
    if let Some(token) = tokens.next() {
        report.at(token, "the end of the line", "give one entry per line");
        return None;
    }
    if head.symmetric && column > row {
        let found = format!("row {}, column {}", row + 1, column + 1);
        report.line(line.number, "an entry on or below the diagonal", found, "say general");
        return None;
    }
    Some(Entry { row, column, value })
}

/// Where the `number`-th entry of a dense matrix stands.
fn dense_place(number: usize, head: Head, sizes: Sizes) -> Option<(usize, usize)> {
    if number >= sizes.entries {
        return None;
    }
    if !head.symmetric {
        return Some((number % sizes.rows, number / sizes.rows));
    }
    let (mut column, mut rest) = (0, number);
    while rest >= sizes.rows - column {
        rest -= sizes.rows - column;
        column += 1;
    }
    Some((column + rest, column))
}

fn add(triplets: &mut TriMat<f64>, head: Head, entry: Entry) {
    let Entry { row, column, value } = entry;
    triplets.add_triplet(row, column, value);
    if head.symmetric && row != column {
        triplets.add_triplet(column, row, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relaxation::{Region, SparseMatrix, region_laplacian};

    fn read(text: &str) -> Result<CsMat<f64>, String> {
        read_matrix_market("a.mtx", text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn what_was_written_reads_back() {
        let matrix = region_laplacian(Region::Ell, 6).expect("points").to_sprs();
        let mut bytes = Vec::new();
        write_matrix_market(&matrix, &mut bytes).expect("a vector takes all");
        assert_eq!(read_matrix_market("ell.mtx", &bytes), Ok(matrix));
    }

    #[test]
    fn all_kinds_of_heads_are_read() {
        let expected = read(
            "%%MatrixMarket matrix coordinate real general\n% two unknowns\n\n2 2 4\n\
             1 1 2\n2 1 -1\n1 2 -1.0e0\n2 2 3\n",
        );
        let symmetric = "%%matrixmarket MATRIX coordinate integer symmetric\n2 2 3\n1 1 2\n2 1 -1\n\
                         2 2 3";
        assert_eq!(read(symmetric), expected);
        let dense = "%%MatrixMarket matrix array real symmetric\n2 2\n2\n-1\n3\n";
        assert_eq!(read(dense), expected);
        let general = "%%MatrixMarket matrix array real general\n2 2\n2\n-1\n-1\n3\n";
        assert_eq!(read(general), expected);
        let matrix = expected.expect("valid");
        assert!(SparseMatrix::new(&matrix).is_ok());
        let pattern = "%%MatrixMarket matrix coordinate pattern general\n1 3 1\n1 2\n";
        assert_eq!(read(pattern).expect("valid").get(0, 1), Some(&1.0));
        let vector = b"%%MatrixMarket matrix array real general\n3 1\n1\n2\n3\n";
        assert_eq!(read_matrix_market_vector("b.mtx", vector), Ok(vec![1.0, 2.0, 3.0]));
    }

    #[test]
    fn every_mistake_is_named_with_its_line() {
        let head = "%%MatrixMarket matrix coordinate real general\n";
        for (body, expected) in [
            ("2 2 1\n3 1 1.0\n", "line 3, column 1: expected a row from 1 to 2, found `3`"),
            ("2 2 1\n1 x 1.0\n", "line 3, column 3: expected a column from 1 to 2, found `x`"),
            ("2 2 1\n1 1 nan\n", "line 3, column 5: expected a finite number, found `nan`"),
            ("2 2 1\n1 1\n", "line 3: expected a value, found `1 1`"),
            ("2 2 1\n1\n", "line 3: expected a row and a column, found `1`"),
            ("2 2 1\n1 1 1 1\n", "column 7: expected the end of the line, found `1`"),
            ("2 2 2\n1 1 1\n", "expected 2 entries, found 1"),
            ("2 2 2\n1 1 1\n1 1 1\n", "expected every place once, found 1 places given again"),
            ("2 2\n", "line 2: expected 3 numbers, found 2 numbers"),
            ("9999999999 2 1\n", "line 2, column 1: expected rows from 0 to"),
            ("", "expected a line of sizes, found the end"),
        ] {
            let error = read(&format!("{head}{body}")).expect_err(body);
            assert!(error.contains(expected), "{body}: {error}");
        }
        for head in ["", "hello", "%%MatrixMarket matrix coordinate complex general"] {
            let error = read(head).expect_err(head);
            assert!(error.contains("line 1: expected %%MatrixMarket"), "{error}");
        }
        let two = read(&format!("{head}2 2 2\n3 1 1\n1 3 1\n")).expect_err("two mistakes");
        assert_eq!(two.lines().count(), 2);
        let upper = "%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n1 2 1\n";
        assert!(read(upper).expect_err("above").contains("on or below the diagonal"));
    }
}

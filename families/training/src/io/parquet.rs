//! Logs as Apache Parquet: every column of numbers is a series, a step column counts updates.
//!
//! Columns compressed by snappy, gzip, lz4 or zstd. Empty cells, words, times and nested columns
//! are skipped. The reader is heavy, so it is compiled with the feature `parquet` only; without it
//! such a log is refused with what to do. O(rows x columns).
//!
//! **Source:** the Parquet format; logs as pandas, Polars and Weights & Biases write them

use super::log::Collected;
use ordine_wire::Diagnostic;

/// Says that the build cannot read the log.
#[cfg(not(feature = "parquet"))]
pub(super) fn read(_: &[u8], found: &mut Collected<'_>) {
    let hint = "build with `cargo build --release --features parquet`, or write the log as CSV";
    let expected = "a log that this build reads";
    found.wrong.push(Diagnostic::of_file(found.name, expected, "Apache Parquet", hint));
}

/// Reads all rows.
#[cfg(feature = "parquet")]
pub(super) fn read(bytes: &[u8], found: &mut Collected<'_>) {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    let damaged = |found: &mut Collected<'_>,
                   place: String,
                   error: parquet::errors::ParquetError| {
        let hint = "the file is damaged, or compressed in a way that is not read: write it again \
                    with snappy, gzip, lz4 or zstd, or as CSV";
        let expected = format!("a Parquet file{place}");
        found.wrong.push(Diagnostic::of_file(found.name, expected, error.to_string(), hint));
    };
    let reader = match SerializedFileReader::new(bytes::Bytes::copy_from_slice(bytes)) {
        Ok(reader) => reader,
        Err(error) => return damaged(found, String::new(), error),
    };
    let rows = match reader.get_row_iter(None) {
        Ok(rows) => rows,
        Err(error) => return damaged(found, String::new(), error),
    };
    for (index, row) in (0_u64..).zip(rows) {
        if found.is_full() {
            return;
        }
        match row {
            Ok(row) => add_row(index, &row, found),
            Err(error) => return damaged(found, format!(", row {index}"), error),
        }
    }
}

/// Adds the numbers of a row to their series.
#[cfg(feature = "parquet")]
fn add_row(index: u64, row: &parquet::record::Row, found: &mut Collected<'_>) {
    use super::log::STEP_NAMES;
    let mut step = index;
    for (name, cell) in row.get_column_iter() {
        if !STEP_NAMES.contains(&name.as_str()) {
            continue;
        }
        let whole = |it: f64| it >= 0.0 && it.fract() == 0.0 && it < 1e15;
        let Some(number) = number(cell).filter(|it| whole(*it)) else {
            let expected = format!("a whole number from 0 up as step in row {index}");
            let hint = "correct the step";
            found.wrong.push(Diagnostic::of_file(found.name, expected, cell.to_string(), hint));
            return;
        };
        step = number as u64;
        break;
    }
    for (name, cell) in row.get_column_iter() {
        if let (false, Some(value)) = (STEP_NAMES.contains(&name.as_str()), number(cell)) {
            found.add(name, step, value);
        }
    }
}

/// A cell as a number, when it is one.
#[cfg(feature = "parquet")]
fn number(cell: &parquet::record::Field) -> Option<f64> {
    use parquet::record::Field;
    Some(match *cell {
        Field::Byte(value) => f64::from(value),
        Field::Short(value) => f64::from(value),
        Field::Int(value) => f64::from(value),
        Field::Long(value) => value as f64,
        Field::UByte(value) => f64::from(value),
        Field::UShort(value) => f64::from(value),
        Field::UInt(value) => f64::from(value),
        Field::ULong(value) => value as f64,
        Field::Float16(value) => f64::from(value),
        Field::Float(value) => f64::from(value),
        Field::Double(value) => value,
        _ => return None,
    })
}

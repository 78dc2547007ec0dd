//! Event files of TensorBoard: framed records of protocol buffers, of which scalars are read.
//!
//! A record is its length (8 bytes), the checksum of the length, its bytes, and their checksum; the
//! checksum is CRC-32C, rotated by 15 bits plus a constant. An event holds a step and a summary of
//! values: tag with a `simple_value`, or with a tensor of one float. A record that the writer has
//! not finished at the end of the file is left out, as TensorBoard does. O(bytes).
//!
//! **Source:** `tensorflow/core/lib/io/record_writer.cc`, `event.proto`, `summary.proto`

use super::log::Collected;
use ordine_wire::Diagnostic;

/// Bytes before and after what a record holds.
const HEAD: usize = 12;
const TAIL: usize = 4;

/// Whether the bytes begin with a record of an event file.
pub(super) fn begins_record(bytes: &[u8]) -> bool {
    bytes.len() >= HEAD && masked_checksum(&bytes[..8]) == word(&bytes[8..HEAD])
}

pub(super) fn read(bytes: &[u8], found: &mut Collected<'_>) {
    let (mut place, mut number) = (0, 0_u64);
    while bytes.len() - place >= HEAD {
        number += 1;
        let rest = &bytes[place..];
        if masked_checksum(&rest[..8]) != word(&rest[8..HEAD]) {
            let expected = format!("a length with its checksum at record {number}");
            wrong(found, &expected, format!("other bytes at {place}"));
            return;
        }
        let length = u64::from_le_bytes(rest[..8].try_into().expect("eight bytes"));
        let Some(end) = usize::try_from(length).ok().and_then(|it| it.checked_add(HEAD + TAIL))
        else {
            wrong(found, &format!("a bearable length of record {number}"), length.to_string());
            return;
        };
        if end > rest.len() {
            return;
        }
        let data = &rest[HEAD..end - TAIL];
        if masked_checksum(data) != word(&rest[end - TAIL..end]) {
            let expected = format!("the checksum of record {number}");
            wrong(found, &expected, format!("another one at byte {}", place + end - TAIL));
            return;
        }
        if event(data, found).is_none() {
            let expected = format!("an event in record {number}");
            wrong(found, &expected, format!("a torn message at byte {place}"));
            return;
        }
        place += end;
    }
}

fn wrong(found: &mut Collected<'_>, expected: &str, what: String) {
    let hint = "the file is damaged: copy it again, or leave it out";
    found.wrong.push(Diagnostic::of_file(found.name, expected, what, hint));
}

/// One field of a message.
enum Field<'a> {
    Number(u64),
    Double(f64),
    Float(f32),
    Bytes(&'a [u8]),
}

/// The fields of a message; `None` where it is torn.
fn fields(mut message: &[u8]) -> impl Iterator<Item = Option<(u64, Field<'_>)>> {
    std::iter::from_fn(move || {
        if message.is_empty() {
            return None;
        }
        let field = next_field(&mut message);
        if field.is_none() {
            message = &[];
        }
        Some(field)
    })
}

fn next_field<'a>(message: &mut &'a [u8]) -> Option<(u64, Field<'a>)> {
    let key = varint(message)?;
    let field = match key & 7 {
        0 => Field::Number(varint(message)?),
        1 => Field::Double(f64::from_le_bytes(take(message, 8)?.try_into().ok()?)),
        2 => {
            let length = usize::try_from(varint(message)?).ok()?;
            Field::Bytes(take(message, length)?)
        }
        5 => Field::Float(f32::from_le_bytes(take(message, 4)?.try_into().ok()?)),
        _ => return None,
    };
    Some((key >> 3, field))
}

fn take<'a>(message: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = message.split_at_checked(count)?;
    *message = rest;
    Some(taken)
}

fn varint(message: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = take(message, 1)?[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Event: step is field 2, summary field 5.
fn event(message: &[u8], found: &mut Collected<'_>) -> Option<()> {
    let (mut step, mut summary) = (0, None);
    for field in fields(message) {
        match field? {
            (2, Field::Number(number)) => step = number,
            (5, Field::Bytes(bytes)) => summary = Some(bytes),
            _ => {}
        }
    }
    for field in fields(summary.unwrap_or_default()) {
        if let (1, Field::Bytes(bytes)) = field?
            && let Some((tag, value)) = scalar(bytes)?
        {
            found.add(&tag, step, value);
        }
    }
    Some(())
}

/// Summary value: tag is field 1, simple value field 2, tensor field 8.
fn scalar(message: &[u8]) -> Option<Option<(String, f64)>> {
    let (mut tag, mut value) = (None, None);
    for field in fields(message) {
        match field? {
            (1, Field::Bytes(bytes)) => tag = Some(String::from_utf8_lossy(bytes).into_owned()),
            (2, Field::Float(number)) => value = Some(f64::from(number)),
            (8, Field::Bytes(bytes)) => value = tensor(bytes)?,
            _ => {}
        }
    }
    Some(tag.zip(value))
}

/// Tensor: type is field 1 (1 float, 2 double), content field 4, floats field 5, doubles field 6.
fn tensor(message: &[u8]) -> Option<Option<f64>> {
    let (mut kind, mut content, mut value) = (0, None, None);
    for field in fields(message) {
        match field? {
            (1, Field::Number(number)) => kind = number,
            (4, Field::Bytes(bytes)) => content = Some(bytes),
            (5, Field::Bytes(bytes)) => value = float(bytes),
            (5, Field::Float(number)) => value = Some(f64::from(number)),
            (6, Field::Bytes(bytes)) => value = double(bytes),
            (6, Field::Double(number)) => value = Some(number),
            _ => {}
        }
    }
    Some(match (kind, content) {
        (1, Some(bytes)) => float(bytes).or(value),
        (2, Some(bytes)) => double(bytes).or(value),
        _ => value,
    })
}

/// The number, where there is exactly one.
fn float(bytes: &[u8]) -> Option<f64> {
    bytes.try_into().ok().map(|bytes| f64::from(f32::from_le_bytes(bytes)))
}

fn double(bytes: &[u8]) -> Option<f64> {
    bytes.try_into().ok().map(f64::from_le_bytes)
}

fn word(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes.try_into().expect("four bytes"))
}

/// CRC-32C of the bytes, masked as records want it.
fn masked_checksum(bytes: &[u8]) -> u32 {
    let mut checksum = u32::MAX;
    for byte in bytes {
        let index = (checksum ^ u32::from(*byte)) & 0xff;
        checksum = CHECKSUMS[index as usize] ^ (checksum >> 8);
    }
    (!checksum).rotate_right(15).wrapping_add(0xa282_ead8)
}

/// CRC-32C of every single byte.
const CHECKSUMS: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut checksum, mut bit) = (byte as u32, 0);
        while bit < 8 {
            let odd = checksum & 1 == 1;
            checksum = (checksum >> 1) ^ if odd { 0x82f6_3b78 } else { 0 };
            bit += 1;
        }
        table[byte] = checksum;
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_castagnoli() {
        let unmasked = masked_checksum(b"123456789").wrapping_sub(0xa282_ead8).rotate_left(15);
        assert_eq!(unmasked, 0xe306_9283);
    }
}

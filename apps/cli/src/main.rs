//! The program. To be written.
fn main() {}

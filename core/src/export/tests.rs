use super::*;

#[test]
fn a_cursor_is_read_as_it_was_written_and_nothing_else_is() {
    for places in [[1, 0], [i64::MAX, -1], [795_435, 12]] {
        assert_eq!(read_cursor::<2>(&write_cursor(places)).ok(), Some(places));
    }
    for text in ["", "1", "1.2.3", "1.x", ".", "1.", "99999999999999999999.1", "1 .2"] {
        assert_eq!(read_cursor::<2>(text).map_err(|error| error.code()), Err("malformed"), "{text:?}");
    }
}

#[test]
fn a_row_has_a_cell_for_each_column_and_no_column_twice() {
    let distinct = |columns: &[&str]| columns.iter().collect::<std::collections::BTreeSet<_>>().len();
    for columns in [AttendanceRow::columns(), MessageRow::columns()] {
        assert_eq!(distinct(columns), columns.len());
    }
}

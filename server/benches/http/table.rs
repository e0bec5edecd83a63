//! The figures as Markdown.

use crate::Row;

#[allow(clippy::print_stdout, reason = "this is what the program is for")]
pub fn print(rows: &[Row]) {
    println!(
        "| database | keys | 16 backends: results a second | of unseen | p50 | p99 | a challenge, p50 | p99 | at half, p99 | 64 backends: results a second | of unseen | p50 | p99 | CPU for a million: service | of the database | 1 backend: p50 | memory, at most | size |"
    );
    println!("| --- |{}", " ---: |".repeat(17));
    let (unseen_some, unseen_many) =
        rows.first().map_or((1.0, 1.0), |row| (row.some.per_second, row.many.per_second));
    for row in rows {
        println!(
            "| {} | {} | {:.0} | {:.2} | {:.2} ms | {:.2} ms | {:.2} ms | {:.2} ms | {:.2} ms | {:.0} | {:.2} | {:.2} ms | {:.2} ms | {:.0} s | {} | {:.2} ms | {:.0} MB | {:.0} MB |",
            row.database,
            thousands(row.keys),
            row.some.per_second,
            row.some.per_second / unseen_some,
            row.some.p50,
            row.some.p99,
            row.challenge.p50,
            row.challenge.p99,
            row.half.p99,
            row.many.per_second,
            row.many.per_second / unseen_many,
            row.many.p50,
            row.many.p99,
            row.service_cpu * 1e6,
            row.database_cpu.map_or("in it".to_owned(), |seconds| format!("{:.0} s", seconds * 1e6)),
            row.alone.p50,
            row.peak_memory as f64 / 1e6,
            row.database_size as f64 / 1e6,
        );
    }
}

fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

//! The figures as Markdown.

use crate::Row;

#[allow(clippy::print_stdout, reason = "this is what the program is for")]
pub fn print(rows: &[Row]) {
    println!(
        "| database | keys | results a second | of unseen | p50 | p99 | a challenge, p50 | p99 | memory, at most | database |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let unseen = rows.first().map_or(1.0, |row| row.verify.per_second);
    for Row { database, keys, verify, challenge, peak_memory, database_size } in rows {
        println!(
            "| {database} | {} | {:.0} | {:.2} | {:.2} ms | {:.2} ms | {:.2} ms | {:.2} ms | {:.0} MB | {:.0} MB |",
            thousands(*keys),
            verify.per_second,
            verify.per_second / unseen,
            verify.p50,
            verify.p99,
            challenge.p50,
            challenge.p99,
            *peak_memory as f64 / 1e6,
            *database_size as f64 / 1e6,
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

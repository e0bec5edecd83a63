//! The figures as Markdown.

use crate::Row;
use std::time::Duration;

pub fn markdown(rows: &[Row]) -> String {
    let mut text = String::from(
        "| what fails | calls accepted | results accepted twice | results lost | keys lost | removals lost | without service | \
         no instance ready after | one again after | all again after | it ends after | three nodes again after |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for row in rows {
        let losses = row.losses;
        text += &format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            row.fault.text(),
            row.accepted,
            losses.accepted_twice,
            losses.results,
            losses.keys,
            losses.removals,
            seconds(row.without_service),
            row.times.none_ready.map_or("never".into(), seconds),
            row.times.one_ready.map_or(String::new(), seconds),
            row.times.all_ready.map_or(String::new(), seconds),
            seconds(row.ended),
            seconds(row.healthy),
        );
    }
    text
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

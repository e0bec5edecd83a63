//! What Patroni says of the three nodes.

use crate::network::{ZONES, Zone};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::time::{Duration, Instant};

#[derive(Deserialize)]
struct Cluster {
    members: Vec<Member>,
}

#[derive(Deserialize)]
struct Member {
    name: String,
    role: String,
    state: String,
    timeline: Option<u64>,
}

/// As one node sees it.
async fn ask(zone: Zone) -> Option<Cluster> {
    let url = format!("http://{}:8008/cluster", zone.database());
    let client = reqwest::Client::builder().timeout(Duration::from_secs(2)).build().ok()?;
    client.get(url).send().await.ok()?.json().await.ok()
}

/// The primary, as a node other than this sees it.
pub async fn primary(other_than: Option<Zone>) -> Option<Zone> {
    for zone in ZONES.into_iter().filter(|zone| Some(*zone) != other_than) {
        if let Some(cluster) = ask(zone).await {
            let leader =
                cluster.members.iter().find(|member| member.role == "leader" && member.state == "running");
            return Zone::named(&leader?.name);
        }
    }
    None
}

/// Waits until there are a primary and two standbys of that role which follow it.
pub async fn healthy(standby: &str, timeout: Duration) -> Result<()> {
    let started = Instant::now();
    loop {
        let views = futures_util::future::join_all(ZONES.map(ask)).await;
        if views.iter().all(|view| view.as_ref().is_some_and(|view| is_healthy(view, standby))) {
            return Ok(());
        }
        let seen: Vec<_> = views.iter().map(|view| view.as_ref().map(describe)).collect();
        ensure!(started.elapsed() < timeout, "the three nodes are not healthy after {timeout:?}: {seen:?}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

fn is_healthy(cluster: &Cluster, standby: &str) -> bool {
    let count = |role: &str, state: &str| {
        let is_such = |member: &&Member| member.role == role && member.state == state;
        cluster.members.iter().filter(is_such).count()
    };
    let same_timeline = cluster.members.windows(2).all(|pair| pair[0].timeline == pair[1].timeline);
    count("leader", "running") == 1 && count(standby, "streaming") == 2 && same_timeline
}

fn describe(cluster: &Cluster) -> String {
    let members = cluster.members.iter();
    members
        .map(|member| format!("{}: {} {}", member.name, member.role, member.state))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A role and a database for the service.
pub async fn prepare() -> Result<()> {
    use sqlx::{Connection, Executor};
    let primary = primary(None).await.context("there is no primary")?;
    let url = format!("postgres://postgres:drill@{}:5432/postgres", primary.database());
    let mut admin = sqlx::PgConnection::connect(&url).await.context("cannot connect to the primary")?;
    admin.execute("CREATE ROLE soter LOGIN PASSWORD 'drill'").await?;
    admin.execute("CREATE DATABASE soter OWNER soter").await?;
    admin.close().await?;
    Ok(())
}

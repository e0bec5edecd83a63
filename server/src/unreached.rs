//! Keys that no access token reaches. To their people it is as if they had none, and nothing else would say so: after an update
//! to a service that keeps apps apart, or where an app is no longer configured.

use crate::credentials::app_name;
use crate::database_url;
use crate::settings::Settings;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::collections::BTreeSet;

/// So many keys of an app are counted at most: whoever has more waits for no count at the start.
pub const MAX_COUNTED: i64 = 10_000;

/// How many keys an app has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppKeys {
    /// The appid; empty for the default app.
    pub app: String,
    /// At most [`MAX_COUNTED`].
    pub keys: i64,
}

/// The apps that have keys, in a database as this service has it or as it was before there were apps. It changes nothing.
///
/// # Errors
///
/// The database cannot be reached, or its keys cannot be read.
pub async fn count(url: &str) -> Result<Vec<AppKeys>, sqlx::Error> {
    let found = if database_url::is_postgres(url) {
        let mut connection = PgConnection::connect(url).await?;
        let newest: Option<String> =
            sqlx::query_scalar("SELECT coalesce(to_regclass('app_keys'), to_regclass('keys'))::text")
                .fetch_one(&mut connection)
                .await?;
        let found = match question(newest.as_deref()) {
            Some(question) => sqlx::query_as(AssertSqlSafe(question)).fetch_all(&mut connection).await?,
            None => Vec::new(),
        };
        connection.close().await?;
        found
    } else if database_url::sqlite_file(url).is_some_and(|file| file.exists()) {
        let mut connection = SqliteConnection::connect(url).await?;
        let newest: Option<String> = sqlx::query_scalar(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('app_keys', 'keys') ORDER BY name",
        )
        .fetch_optional(&mut connection)
        .await?;
        let found = match question(newest.as_deref()) {
            Some(question) => sqlx::query_as(AssertSqlSafe(question)).fetch_all(&mut connection).await?,
            None => Vec::new(),
        };
        connection.close().await?;
        found
    } else {
        Vec::new()
    };
    Ok(found.into_iter().map(|(app, keys)| AppKeys { app, keys }).collect())
}

/// The apps are found by one step each in an index that begins with them.
fn question(table: Option<&str>) -> Option<String> {
    match table? {
        "keys" => Some(format!(
            "SELECT '', (SELECT count(*) FROM (SELECT 1 FROM keys LIMIT {MAX_COUNTED}) AS counted) FROM (SELECT 1 FROM keys LIMIT 1) AS any_key"
        )),
        _ => Some(format!(
            "WITH RECURSIVE apps (app) AS (
                SELECT min(app) FROM app_keys
                UNION ALL
                SELECT (SELECT min(app) FROM app_keys WHERE app_keys.app > apps.app) FROM apps WHERE apps.app IS NOT NULL
             )
             SELECT app, (SELECT count(*) FROM (SELECT 1 FROM app_keys WHERE app_keys.app = apps.app LIMIT {MAX_COUNTED}) AS counted)
             FROM apps WHERE app IS NOT NULL"
        )),
    }
}

/// A line for each app with keys that no configured token reaches, and what to do about it.
#[must_use]
pub fn warnings(settings: &Settings, keys: &[AppKeys]) -> Vec<String> {
    let default_app = settings.default_app.as_deref();
    let configured: BTreeSet<Option<&str>> = settings
        .access_tokens
        .iter()
        .map(|token| token.appid.as_deref())
        .chain(settings.apps.iter().map(|app| Some(app.appid.as_str())))
        .collect();
    let mut reached: BTreeSet<&str> = configured.iter().map(|appid| app_name(*appid, default_app)).collect();
    if !settings.has_credentials() {
        // The token that is lent at the start.
        reached.insert("");
    }
    let appids: Vec<&str> = configured.into_iter().flatten().collect();
    keys.iter()
        .filter(|of| !reached.contains(of.app.as_str()))
        .map(|of| warning(of, default_app, &appids))
        .collect()
}

fn warning(of: &AppKeys, default_app: Option<&str>, appids: &[&str]) -> String {
    let keys = if of.keys < MAX_COUNTED { of.keys.to_string() } else { format!("{MAX_COUNTED} or more") };
    match (of.app.as_str(), default_app) {
        ("", Some(app)) => format!(
            "keys of the default app, {app}, that no access token reaches: {keys}; give {app} an --app or an --access-token-hash"
        ),
        ("", None) => {
            let whose = match appids {
                [only] => format!("--default-app {only} if they are those of {only}"),
                _ => "--default-app to the APPID whose they are".to_owned(),
            };
            format!("keys of the default app that no access token reaches: {keys}; set {whose}")
        }
        (app, Some(default_app)) if app == default_app => format!(
            "keys that were made for {app} while it was not --default-app, and that no access token reaches: {keys}; \
             they are found again without --default-app"
        ),
        (app, _) => format!(
            "keys of {app} that no access token reaches: {keys}; give it an --app or an --access-token-hash"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Hash;
    use crate::settings::{AccessToken, App};
    use clap::Parser;

    #[derive(Parser)]
    struct Arguments {
        #[command(flatten)]
        settings: Settings,
    }

    /// Of an appid it is known whether it has a secret, of a token whose it is.
    fn told(
        apps: &[&str],
        tokens: &[Option<&str>],
        default_app: Option<&str>,
        keys: &[(&str, i64)],
    ) -> String {
        let Ok(Arguments { mut settings }) = Arguments::try_parse_from(["soter-server"]) else {
            return "the settings are wrong".to_owned();
        };
        let app = |appid: &&str| App { appid: (*appid).to_owned(), secret: Hash::of("") };
        let token =
            |appid: &Option<&str>| AccessToken { appid: appid.map(str::to_owned), hash: Hash::of("") };
        settings.apps = apps.iter().map(app).collect();
        settings.access_tokens = tokens.iter().map(token).collect();
        settings.default_app = default_app.map(str::to_owned);
        let keys: Vec<_> =
            keys.iter().map(|(app, keys)| AppKeys { app: (*app).to_owned(), keys: *keys }).collect();
        warnings(&settings, &keys).join("\n")
    }

    #[test]
    fn what_some_token_reaches_is_no_matter() {
        assert_eq!(told(&[], &[], None, &[("", 1)]), "");
        assert_eq!(told(&[], &[None], None, &[("", 1)]), "");
        assert_eq!(told(&["wx1"], &[Some("wx2")], None, &[("wx1", 1), ("wx2", 1)]), "");
        assert_eq!(told(&["wx1"], &[], Some("wx1"), &[("", 1)]), "");
    }

    #[test]
    fn the_rest_is_told_with_the_setting_that_helps() {
        for (apps, default_app, keys, expected) in [
            (
                &["wx1"][..],
                None,
                ("", 7),
                "default app that no access token reaches: 7; set --default-app wx1 if",
            ),
            (&["wx1", "wx2"], None, ("", 7), "7; set --default-app to the APPID whose they are"),
            (
                &["wx1"],
                Some("wx2"),
                ("", 7),
                "default app, wx2, that no access token reaches: 7; give wx2 an --app",
            ),
            (&["wx1"], Some("wx1"), ("wx1", 7), "7; they are found again without --default-app"),
            (
                &["wx1"],
                None,
                ("wx2", 10_000),
                "keys of wx2 that no access token reaches: 10000 or more; give it",
            ),
        ] {
            let told = told(apps, &[], default_app, &[keys]);
            assert!(told.contains(expected) && told.lines().count() == 1, "{told}");
        }
    }
}

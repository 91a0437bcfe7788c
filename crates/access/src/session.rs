use base::UserId;
use chrono::Duration;
use sea_orm::entity::prelude::*;

/// A signed-in browser.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    /// SHA-256 of the cookie's token, hexadecimal: who reads the table cannot sign in with it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub user_id: UserId,
    pub created_at: DateTimeUtc,
    pub last_seen_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Browser and system by their names; what the browser calls itself where they are not known.
    pub fn browser(&self) -> String {
        // Each also names those it wants to be taken for, so the order counts.
        let browsers = ["MicroMessenger", "Edg", "OPR", "Firefox", "Chrome", "Safari"];
        let systems = ["HarmonyOS", "Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"];
        let first = |names: &[&'static str]| names.iter().find(|name| self.agent.contains(**name)).copied();
        let name = |found| match found {
            "MicroMessenger" => "WeChat",
            "Edg" => "Edge",
            "OPR" => "Opera",
            "Mac OS" => "macOS",
            other => other,
        };
        match (first(&browsers), first(&systems)) {
            (Some(browser), Some(system)) => format!("{} · {}", name(browser), name(system)),
            _ => self.agent.clone(),
        }
    }
}

/// Silent longer than this, a session is over.
pub const IDLE: Duration = Duration::hours(12);
/// Longest life of a session.
pub const LONGEST: Duration = Duration::days(7);
/// `last_seen_at` is written at most this often, because each write costs the disk.
pub const SEEN_EVERY: Duration = Duration::minutes(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_recognised_by_browser_and_system() {
        let now = "2026-11-23T01:00:00Z".parse().unwrap();
        let browser = |agent: &str| {
            Model {
                token_hash: String::new(),
                user_id: UserId(String::new()),
                created_at: now,
                last_seen_at: now,
                expires_at: now,
                ended_at: None,
                address: String::new(),
                agent: agent.into(),
            }
            .browser()
        };
        let edge =
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(browser(edge), "Edge · Windows");
        assert_eq!(browser("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"), "Safari · iPhone");
        assert_eq!(browser("curl/8.0"), "curl/8.0");
    }
}

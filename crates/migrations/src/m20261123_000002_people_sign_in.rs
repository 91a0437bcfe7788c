use sea_orm_migration::prelude::*;

use crate::columns::{
    id, index, instant, json, maybe_id, maybe_instant, maybe_text, maybe_whole, primary_id, table, text, whole,
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        people(manager).await?;
        roles(manager).await?;
        sign_in(manager).await
    }
}

async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let departments =
        vec![primary_id("id"), maybe_id("parent_id"), text("name"), whole("version"), instant("created_at")];
    manager.create_table(table("departments", departments)).await?;
    manager.create_index(index("departments", &["parent_id"], false)).await?;

    let users = vec![
        primary_id("id"),
        text("name"),
        // Lower case; what the person types to sign in.
        text("login"),
        maybe_id("department_id"),
        text("language"),
        text("status"),
        maybe_text("password_hash"),
        maybe_instant("password_changed_at"),
        // Sealed; never in clear.
        maybe_text("totp_secret"),
        // The last time step used, so that no code works twice.
        maybe_whole("totp_step"),
        maybe_instant("signed_in_at"),
        whole("version"),
        instant("created_at"),
    ];
    manager.create_table(table("users", users)).await?;
    manager.create_index(index("users", &["login"], true)).await?;
    manager.create_index(index("users", &["department_id"], false)).await?;
    manager.create_index(index("users", &["name", "id"], false)).await
}

async fn roles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let roles = vec![primary_id("id"), text("name"), maybe_text("built_in"), whole("version"), instant("created_at")];
    manager.create_table(table("roles", roles)).await?;
    manager.create_index(index("roles", &["built_in"], true)).await?;

    let mut permissions = table("role_permissions", vec![id("role_id"), text("permission"), text("scope")]);
    permissions.primary_key(Index::create().col("role_id").col("permission"));
    manager.create_table(permissions).await?;

    let mut held = table("user_roles", vec![id("user_id"), id("role_id")]);
    held.primary_key(Index::create().col("user_id").col("role_id"));
    manager.create_table(held).await?;
    manager.create_index(index("user_roles", &["role_id"], false)).await
}

async fn sign_in(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sessions = vec![
        text("token_hash").primary_key().to_owned(),
        id("user_id"),
        instant("created_at"),
        instant("last_seen_at"),
        instant("expires_at"),
        maybe_instant("ended_at"),
        text("address"),
        text("agent"),
    ];
    manager.create_table(table("sessions", sessions)).await?;
    manager.create_index(index("sessions", &["user_id"], false)).await?;
    manager.create_index(index("sessions", &["last_seen_at", "token_hash"], false)).await?;

    let links = vec![
        text("token_hash").primary_key().to_owned(),
        id("user_id"),
        instant("created_at"),
        instant("expires_at"),
        maybe_instant("used_at"),
    ];
    manager.create_table(table("sign_in_links", links)).await?;
    manager.create_index(index("sign_in_links", &["user_id"], false)).await?;

    let tries = vec![primary_id("id"), text("login"), text("address"), instant("at")];
    manager.create_table(table("sign_in_tries", tries)).await?;
    manager.create_index(index("sign_in_tries", &["login", "address", "at"], false)).await?;
    manager.create_index(index("sign_in_tries", &["at"], false)).await?;

    let keys = vec![
        primary_id("id"),
        text("name"),
        id("user_id"),
        text("secret_hash"),
        json("scopes"),
        instant("created_at"),
        instant("expires_at"),
        maybe_instant("ended_at"),
        maybe_instant("last_used_at"),
    ];
    manager.create_table(table("api_keys", keys)).await?;
    manager.create_index(index("api_keys", &["secret_hash"], true)).await?;
    manager.create_index(index("api_keys", &["user_id"], false)).await
}

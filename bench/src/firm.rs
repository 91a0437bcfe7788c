//! One filled database, and what is measured on it.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use access::Access;
use base::{Actor, Error, Message};
use db::dialect::statement;
use db::{Db, Location};
use hawser::program::{Ground, assemble};
use sea_orm::ConnectionTrait;

use crate::figures::{Figure, Figures};
use crate::pages::{self, Sessions};
use crate::server::Program;
use crate::world::{Size, World};
use crate::{Arguments, Database, complaints, fill, imports};

pub struct Firm {
    pub size: Size,
    pub database: Database,
    /// Where the data folder and the files are.
    pub folder: PathBuf,
    /// Of the server, without a database; for PostgreSQL only.
    server: String,
    name: String,
    program: Vec<OsString>,
}

impl Firm {
    /// Takes the firm of an earlier run, or makes it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn ready(arguments: &Arguments, size: Size, postgres: Option<&str>) -> Result<Self, Error> {
        let missing = || Error::Refused(Message::new("HAWSER_BENCH_POSTGRES names no server"));
        let (database, server) = match arguments.database {
            Database::Sqlite => (Database::Sqlite, String::new()),
            Database::Postgres => (Database::Postgres, postgres.ok_or_else(missing)?.to_owned()),
        };
        let beside = std::env::current_exe().map(|own| own.with_file_name("hawser")).map_err(pages::unavailable)?;
        let program = match arguments.program.as_slice() {
            [] => vec![beside.into_os_string()],
            named => named.to_vec(),
        };
        let name = format!("hawser_bench_{}_{}", size.customers, size.shipments);
        let firm = Self { size, database, folder: arguments.folder.clone(), server, name, program };
        fs::create_dir_all(firm.data(&firm.name)).map_err(pages::unavailable)?;
        let mark = firm.data(&firm.name).join("filled");
        if !mark.exists() {
            firm.drop(&firm.name).await?;
            firm.make(&firm.name).await?;
            fs::write(mark, "").map_err(pages::unavailable)?;
        }
        Ok(firm)
    }

    /// The data folder of one of our databases.
    pub fn data(&self, name: &str) -> PathBuf {
        let kind = if self.database == Database::Sqlite { "sqlite" } else { "postgres" };
        self.folder.join(format!("{kind}-{name}"))
    }

    pub fn url(&self, name: &str) -> String {
        match self.database {
            Database::Sqlite => format!("sqlite://{}", self.data(name).join("hawser.db").display()),
            Database::Postgres => {
                let host = self.server.rsplit_once('/').map_or(self.server.as_str(), |(host, _)| host);
                format!("{host}/{name}")
            }
        }
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn open(&self, name: &str) -> Result<Db, Error> {
        Db::connect(&self.url(name).parse::<Location>()?).await
    }

    /// The program with this database.
    pub fn program(&self, name: &str) -> Program {
        Program { command: self.program.clone(), data: self.data(name), database: self.url(name) }
    }

    /// People and rights as the program itself keeps them.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn access(&self, db: &Db, name: &str) -> Result<Access, Error> {
        Ok(assemble(db, &Ground { data: self.data(name), worker: self.program.clone() }).await?.access)
    }

    async fn make(&self, name: &str) -> Result<(), Error> {
        let since = Instant::now();
        self.create(name, None).await?;
        let db = self.open(name).await?;
        migrations::run(&db).await?;
        let access = self.access(&db, name).await?;
        fill::fill(&db, &access, &Actor::system("bench", base::now()), self.size).await?;
        db.close().await?;
        println!("filled {} in {:.0} s", self.url(name), since.elapsed().as_secs_f64());
        Ok(())
    }

    async fn create(&self, name: &str, like: Option<&str>) -> Result<(), Error> {
        if self.database == Database::Postgres {
            let like = like.map(|like| format!(" template {like}")).unwrap_or_default();
            self.order(&format!("create database {name}{like}")).await?;
        }
        Ok(())
    }

    /// # Errors
    /// When the database refuses.
    pub async fn drop(&self, name: &str) -> Result<(), Error> {
        match self.database {
            Database::Sqlite => {
                for file in ["hawser.db", "hawser.db-wal", "hawser.db-shm"] {
                    let _ = fs::remove_file(self.data(name).join(file));
                }
                Ok(())
            }
            Database::Postgres => self.order(&format!("drop database if exists {name}")).await,
        }
    }

    /// A second database with the same contents, which a run may change.
    ///
    /// # Errors
    /// When the disk is full.
    pub async fn copy(&self) -> Result<String, Error> {
        let name = format!("{}_import", self.name);
        self.drop(&name).await?;
        let data = self.data(&name);
        fs::create_dir_all(&data).map_err(pages::unavailable)?;
        if self.database == Database::Sqlite {
            fs::copy(self.data(&self.name).join("hawser.db"), data.join("hawser.db")).map_err(pages::unavailable)?;
        }
        self.create(&name, Some(&self.name)).await?;
        Ok(name)
    }

    async fn order(&self, sql: &str) -> Result<(), Error> {
        let db = Db::connect(&self.server.parse::<Location>()?).await?;
        db.writer().execute_raw(statement(db.writer(), sql, [])).await?;
        db.close().await
    }

    /// # Errors
    /// When the program does not answer.
    pub async fn pages(&self, times: usize, complaints: usize) -> Result<Figures, Error> {
        let db = self.open(&self.name).await?;
        migrations::run(&db).await?;
        let actor = Actor::system("bench", base::now());
        fill::count_anew(&db, &actor).await?;
        complaints::fill(&db, &actor, complaints).await?;
        let sessions = Sessions::open(&self.access(&db, &self.name).await?, &actor).await?;
        let world = World::of(self.size, actor.today());
        let figures = pages::measure(&db, &self.program(&self.name), &sessions, &world, times).await?;
        db.close().await?;
        Ok(self.told(figures))
    }

    /// # Errors
    /// When the program refuses the file.
    pub async fn imports(&self, rows: usize) -> Result<Figures, Error> {
        let name = self.copy().await?;
        let figures = imports::measure(self, &name, rows).await;
        self.drop(&name).await?;
        Ok(self.told(figures?))
    }

    fn told(&self, figures: Vec<Figure>) -> Figures {
        Figures {
            database: match self.database {
                Database::Sqlite => "sqlite".into(),
                Database::Postgres => "postgres".into(),
            },
            customers: self.size.customers,
            shipments: self.size.shipments,
            day: base::now().format("%Y-%m-%d").to_string(),
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            figures,
        }
    }
}

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::Duration;

use base::{Actor, Error};
use db::{Kind, Location};
use exchange::batch::{Model, State};
use exchange::{Imports, Step};
use sea_orm::ConnectionTrait;

use crate::engine::Try;
use crate::pallets::{self, Pallets};
use crate::world::{World, get, post, somebody, upload, world};

const SHEET: &str = "客户,托盘号,件数\n明为公司,P1,3\n智享物流,P2,4\n";
pub const LONG: Duration = Duration::from_secs(60);

/// Uploaded and checked.
pub async fn checked(world: &World, actor: &Actor) -> Model {
    let app = world.app(actor.clone());
    let answer = upload(&app, "/imports?csrf=token", "x.csv", SHEET.as_bytes(), &[("kind", "pallets")]).await;
    let id = answer.location().split('/').nth(2).unwrap().to_owned();
    let batch = world.imports.start(actor, &exchange::batch::BatchId(id), Step::Check, LONG).await.unwrap();
    assert_eq!(batch.state, State::Previewed);
    batch
}

async fn commit(imports: &Imports, actor: &Actor, batch: &Model) -> Model {
    imports.start(actor, &batch.id, Step::Commit, LONG).await.unwrap()
}

pub fn why(batch: &Model) -> String {
    batch.why().unwrap().key
}

/// Where a second program finds the test's database.
async fn location(db: &db::Db) -> String {
    let (sql, postgres) = match db.kind() {
        Kind::Sqlite => ("select file from pragma_database_list where name = 'main'", false),
        Kind::Postgres => ("select current_database()::text", true),
    };
    let statement = sea_orm::Statement::from_string(db.read().get_database_backend(), sql);
    let name: String = db.read().query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    match postgres {
        false => format!("sqlite://{name}"),
        true => {
            let cluster = std::env::var("HAWSER_TEST_POSTGRES").unwrap();
            format!("{}/{name}", cluster.rsplit_once('/').unwrap().0)
        }
    }
}

/// Not a test of its own: the program that `a_program_killed_while_it_writes_leaves_not_one_row` kills.
#[tokio::test]
async fn child() {
    let (Ok(url), Ok(mark)) = (std::env::var("HAWSER_KILLED_DB"), std::env::var("HAWSER_KILLED_MARK")) else { return };
    let location: Location = url.parse().unwrap();
    let db = db::Db::connect(&location).await.unwrap();
    let kind = Pallets { stuck: Some(mark.into()), ..Pallets::default() };
    Try::new(&db, &kind, SHEET).commit().await.unwrap();
}

db::db_tests! {
    async fn a_program_killed_while_it_writes_leaves_not_one_row(db: Db) {
        pallets::create_table(&db).await;
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("mark");
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "steps::child"])
            .env("HAWSER_KILLED_DB", location(&db).await)
            .env("HAWSER_KILLED_MARK", &mark)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..600 {
            if mark.exists() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(mark.exists(), "the child never wrote");
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(pallets::stored(&db).await.is_empty());
        let kind = Pallets::default();
        assert_eq!(Try::new(&db, &kind, SHEET).commit().await.unwrap().counts.new, 2);
    }

    async fn a_file_changed_after_the_check_is_noticed_and_nothing_is_written(db: Db) {
        let (world, zhang) = (world(&db).await, somebody("zhang"));
        let batch = checked(&world, &zhang).await;
        let path = world.data.path().join(format!("imports/{}.upload", batch.id));
        std::fs::write(path, SHEET.replace("P1", "P9")).unwrap();
        let ended = commit(&world.imports, &zhang, &batch).await;
        assert_eq!((ended.state, why(&ended).as_str()), (State::Failed, "import-file_changed"));
        assert!(pallets::stored(&db).await.is_empty());
    }

    async fn data_that_changed_since_the_check_is_shown_before_anything_is_written(db: Db) {
        let (world, zhang) = (world(&db).await, somebody("zhang"));
        let batch = checked(&world, &zhang).await;
        let kind = Pallets::default();
        Try::new(&db, &kind, "客户,托盘号,件数\n明为公司,P1,3\n").commit().await.unwrap();
        let app = world.app(zhang);
        let answer = post(&app, &format!("/imports/{}/commit", batch.id), "").await;
        let page = get(&app, answer.location()).await;
        assert!(page.text.contains("预检之后数据有变化"));
        assert_eq!(page.texts(".tile-value")[..3], ["1", "0", "1"]);
        assert_eq!(pallets::stored(&db).await.len(), 1);
        post(&app, &format!("/imports/{}/commit", batch.id), "").await;
        assert_eq!(pallets::stored(&db).await.len(), 2);
    }

    async fn a_second_click_does_not_import_twice(db: Db) {
        let (world, zhang) = (world(&db).await, somebody("zhang"));
        let batch = checked(&world, &zhang).await;
        let both = tokio::join!(
            world.imports.run(&zhang, &batch.id, Step::Commit),
            world.imports.run(&zhang, &batch.id, Step::Commit)
        );
        assert!(both.0.is_ok() != both.1.is_ok(), "{both:?}");
        assert_eq!(pallets::stored(&db).await.len(), 2);
        let again = world.imports.run(&zhang, &batch.id, Step::Commit).await;
        assert!(matches!(again, Err(Error::Refused(why)) if why.key == "import-is_over"));
    }

    async fn a_commit_that_fails_can_be_tried_again(db: Db) {
        let (world, zhang) = (world(&db).await, somebody("zhang"));
        let batch = checked(&world, &zhang).await;
        world.kind.fails_at.store(3, Ordering::Relaxed);
        let failed = world.imports.run(&zhang, &batch.id, Step::Commit).await;
        assert!(matches!(failed, Err(Error::Unavailable(_))), "{failed:?}");
        let kept = world.imports.batch(&zhang, &batch.id).await.unwrap();
        assert_eq!((kept.state, why(&kept).as_str()), (State::Previewed, "error-unavailable"));
        assert!(pallets::stored(&db).await.is_empty());
        world.kind.fails_at.store(0, Ordering::Relaxed);
        assert_eq!(commit(&world.imports, &zhang, &batch).await.state, State::Committed);
    }

    async fn a_long_step_shows_how_far_it_is_and_goes_on_without_the_browser(db: Db) {
        let (world, zhang) = (world(&db).await, somebody("zhang"));
        let batch = checked(&world, &zhang).await;
        world.kind.slow.store(1_000, Ordering::Relaxed);
        let app = world.app(zhang.clone());
        world.imports.start(&zhang, &batch.id, Step::Commit, Duration::from_millis(20)).await.unwrap();
        let page = get(&app, &format!("/imports/{}", batch.id)).await;
        assert!(page.has("progress") && page.headers.contains_key("refresh"), "{}", page.text);
        assert!(get(&app, "/imports").await.text.contains("处理中"));
        let busy = post(&app, &format!("/imports/{}/give-up", batch.id), "").await;
        assert_eq!(busy.status, 422);
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            if world.imports.progress(&batch.id).is_none() {
                break;
            }
        }
        assert_eq!(pallets::stored(&db).await.len(), 2);
    }

    async fn uploaded_files_are_private_and_do_not_lie_about(db: Db) {
        let (world, zhang) = (world(&db).await, somebody("zhang"));
        let batch = checked(&world, &zhang).await;
        let folder = world.data.path().join("imports");
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join(format!("{}.upload", batch.id))), 0o600);
        let soon = Actor::system("job", base::now());
        assert_eq!(world.imports.tidy_up(&soon).await.unwrap(), 0);
        let late = Actor::system("job", base::now() + chrono::Duration::days(8));
        world.imports.tidy_up(&late).await.unwrap();
        assert!(world.files().is_empty());
        let ended = world.imports.batch(&zhang, &batch.id).await.unwrap();
        assert_eq!((ended.state, why(&ended).as_str()), (State::Failed, "import-left_behind"));
    }
}

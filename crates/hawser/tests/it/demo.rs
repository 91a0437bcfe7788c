//! The demo shows something everywhere, and stays where it belongs.

use axum::http::StatusCode;
use db::db_tests;
use hawser::demo;
use hawser::program::assemble;

use crate::{House, ground, operator};

const EVERYBODY: [&str; 5] = ["zhang", "chen", "li", "wang", "admin"];

db_tests! {
    async fn the_demo_fills_every_page_once(db: Db) {
        let house = House::open(&db).await;
        for _ in 0..2 {
            demo::fill(&db, &house.program, &operator()).await.unwrap();
        }
        let customers = customers::Customers::new(db.clone());
        assert_eq!(customers.count(&operator(), &customers::store::Filter::default()).await.unwrap(), 308);
        let stages = lifecycle::report(&db, &operator()).await.unwrap();
        assert!(stages.iter().all(|row| row.customers > 0), "{stages:?}");
        for login in EVERYBODY {
            let cookie = house.sign_in(login).await;
            for entry in &house.program.shell.menu {
                let page = house.get(entry.href, &cookie).await;
                let may = page.status != StatusCode::FORBIDDEN;
                assert!(!may || page.status == StatusCode::OK, "{} {}", entry.href, page.status);
                // They neither answer nor have asked for anything.
                let bare = entry.href == "/approvals" && ["zhang", "li"].contains(&login);
                assert!(!may || bare || !page.body.contains("class=\"empty-state\""), "{login} {}", entry.href);
            }
        }
        let today = house.get("/worklist", &house.sign_in("zhang").await).await;
        assert_eq!(today.body.matches("<tr data-row").count(), 12);
        let today = house.get("/worklist", &house.sign_in("admin").await).await;
        assert_eq!(today.body.matches("<tr data-row").count(), 2, "the administrator looks after two customers");
    }

    async fn a_file_a_key_and_the_steps_of_shipments_stand_in_the_demo(db: Db) {
        let house = House::open(&db).await;
        demo::fill(&db, &house.program, &operator()).await.unwrap();
        let access = &house.program.access;
        let keys = access.keys(&operator()).await.unwrap();
        let days = (keys[0].expires_at - operator().now).num_days();
        assert!(keys.len() == 1 && (89..=91).contains(&days), "{days} days");
        let cookie = house.sign_in("li").await;
        let imports = house.get("/imports", &cookie).await.body;
        let (_, after) = imports.split_once("href=\"/imports/0").unwrap();
        let batch = house.get(&format!("/imports/0{}", after.split_once('"').unwrap().0), &cookie).await.body;
        assert!(batch.contains("customers.csv") && batch.contains("/refused"), "{batch}");
        let shipments = shipments::Shipments::new(db.clone());
        let all = shipments.list(&operator(), &shipments::ListFilter::default(), base::PageSize(50)).await.unwrap();
        for row in all.rows {
            let file = shipments.file(&operator(), &shipments::ShipmentId(row.shipment.id.clone())).await.unwrap();
            assert!(file.milestones.len() >= 4, "{} has {}", row.shipment.waybill, file.milestones.len());
            assert!(!file.shipment.payment_term.is_empty() && !file.shipment.customer_reference.is_empty());
        }
    }

    async fn the_demo_goes_on_in_its_own_database(db: Db) {
        let (ground, _folder) = ground();
        let program = assemble(&db, &ground).await.unwrap();
        demo::claim(&db, &program, &operator()).await.unwrap();
        program.access.first_setup(base::now()).await.unwrap();
        demo::claim(&db, &program, &operator()).await.unwrap();
    }

    async fn a_demo_that_an_older_program_made_is_known_by_its_people_and_shipments(db: Db) {
        let house = House::open(&db).await;
        let refused = demo::claim(&db, &house.program, &operator()).await.unwrap_err();
        assert_eq!(refused.code(), "invalid", "people alone may be anybody's");
        demo::fill(&db, &house.program, &operator()).await.unwrap();
        demo::claim(&db, &house.program, &operator()).await.unwrap();
    }

    async fn the_demo_stays_out_of_a_firms_own_database(db: Db) {
        let (ground, _folder) = ground();
        let program = assemble(&db, &ground).await.unwrap();
        program.access.first_setup(base::now()).await.unwrap();
        let refused = demo::claim(&db, &program, &operator()).await.unwrap_err();
        assert_eq!(refused.code(), "invalid");
        assert_eq!(program.access.users(&operator()).await.unwrap().0.len(), 1);
    }
}

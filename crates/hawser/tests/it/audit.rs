//! Who did what with whom, by name; and what is hidden stays so in the audit too.

use access::rules::Rights;
use access::{NewUser, Reach};
use customers::Customers;
use customers::forms::CustomerDraft;
use db::db_tests;

use crate::{House, operator};

/// Reads the audit and sees customers as far as told.
async fn reader(house: &House, login: &str, sees: Reach) -> String {
    let rights = [("access.audit", Reach::All), ("customers.view", sees), ("access.users", Reach::All)];
    let rights: Rights = rights.iter().map(|(name, reach)| ((*name).to_owned(), *reach)).collect();
    let access = &house.program.access;
    let role = access.create_role(&operator(), login, &rights).await.unwrap();
    let new = NewUser { name: login.into(), login: login.into(), roles: vec![role], ..NewUser::default() };
    access.create_user(&operator(), new).await.unwrap();
    house.sign_in(login).await
}

db_tests! {
    async fn the_audit_names_customers_for_those_who_may_see_them_and_for_nobody_else(db: Db) {
        let house = House::open(&db).await;
        let made = Customers::new(db.clone()).create(&operator(), CustomerDraft::named("Canary Lines")).await.unwrap();
        let id = made.customer_id();
        let link = format!("<a href=\"/customers/{id}\">Canary Lines</a>");
        let (boss, clerk) = (reader(&house, "boss", Reach::All).await, reader(&house, "clerk", Reach::Own).await);
        let seen = house.get("/settings/audit", &boss).await.body;
        assert!(seen.contains(&link), "{seen}");
        let hidden = house.get("/settings/audit", &clerk).await.body;
        assert!(!hidden.contains("Canary") && hidden.contains(id.as_str()), "{hidden}");
        // A colleague is named for both, and leads to his page.
        let zhang = format!("href=\"/settings/users/{}\"", house.user("zhang").await);
        for cookie in [&boss, &clerk] {
            let found = house.get("/settings/audit?q=user.created", cookie).await.body;
            assert!(found.contains(&zhang), "{found}");
        }
    }

    async fn the_audit_tells_which_part_of_the_program_it_was_in_words(db: Db) {
        let house = House::open(&db).await;
        let terminal = base::Actor::system("command line", base::now());
        Customers::new(db.clone()).create(&terminal, CustomerDraft::named("Canary Lines")).await.unwrap();
        let cookie = house.sign_in("admin").await;
        let chinese = house.get("/settings/audit", &cookie).await.body;
        assert!(chinese.contains("命令行") && !chinese.contains("command line"), "{chinese}");
    }
}

//! Up to which amount.

use access::RoleId;
use approvals::Authority;
use db::db_tests;

use crate::{COMPENSATION, asker, boss, house, manager, refused, said, yuan};

db_tests! {
    async fn authority_begins_with_amounts_for_service_and_managers_and_nothing_for_others(db: Db) {
        let approvals = house(&db).await;
        let of = async |actor| approvals.authority(db.read(), &actor, COMPENSATION).await.unwrap();
        assert_eq!(of(asker()).await, Authority::UpTo(yuan(1000)));
        assert_eq!(of(manager()).await, Authority::UpTo(yuan(20_000)));
        assert_eq!(of(boss()).await, Authority::Unlimited);
        assert_eq!(of(base::Actor::system("jobs", boss().now)).await, Authority::Unlimited);
        assert_eq!(of(crate::person("nobody", &[])).await, Authority::UpTo(yuan(0)));
    }

    async fn the_administrator_says_how_much_a_role_may_grant(db: Db) {
        let approvals = house(&db).await;
        let service = RoleId("role-customer_service".into());
        assert_eq!(said(approvals.set_limit(&manager(), &service, "compensation", Some(1)).await), refused("forbidden"));
        assert_eq!(said(approvals.set_limit(&boss(), &service, "unheard", Some(1)).await), refused("not_found"));
        approvals.set_limit(&boss(), &service, "compensation", Some(300)).await.unwrap();
        assert!(approvals.may_alone(db.read(), &asker(), COMPENSATION, yuan(300)).await.unwrap());
        assert!(!approvals.may_alone(db.read(), &asker(), COMPENSATION, yuan(301)).await.unwrap());
        approvals.set_limit(&boss(), &service, "compensation", None).await.unwrap();
        assert!(approvals.may_alone(db.read(), &asker(), COMPENSATION, yuan(1_000_000)).await.unwrap());
        approvals.set_limit(&boss(), &RoleId("role-administrator".into()), "compensation", Some(0)).await.unwrap();
        assert!(!approvals.may_alone(db.read(), &boss(), COMPENSATION, yuan(1)).await.unwrap());
    }
}

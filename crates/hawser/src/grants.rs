//! What the built-in roles may do at first. An administrator can change all but his own role.

use base::{Permission, Scope};

/// Role key, permission, reach.
pub fn grants() -> Vec<(&'static str, Permission, Scope)> {
    let mut grants = Vec::new();
    let mut give = |role, scope: Scope, permissions: &[Permission]| {
        grants.extend(permissions.iter().map(|permission| (role, *permission, scope.clone())));
    };
    let read = [customers::VIEW, shipments::VIEW, lifecycle::VIEW];
    let write = [customers::CREATE, customers::EDIT, customers::LOG];
    let data = [shipments::EDIT, exchange::RUN];
    let complained =
        [complaints::VIEW, complaints::LOG, complaints::HANDLE, claims::VIEW, claims::RAISE, claims::HANDLE];
    let asked = [follow_ups::VIEW, follow_ups::DO];
    // Everybody hears something; who answers is a matter of reach.
    let heard = [feedback::LOG, feedback::VIEW, feedback::ANSWER];

    let amiss = [exceptions::VIEW, exceptions::HANDLE];

    // Whoever leaves takes nothing along that was not his.
    give("sales_rep", Scope::Own, &read);
    give("sales_rep", Scope::Own, &write);
    give("sales_rep", Scope::Own, &heard);
    give("sales_rep", Scope::Own, &asked);
    give("sales_rep", Scope::Own, &amiss);
    give("sales_rep", Scope::Own, &[complaints::VIEW, complaints::LOG, claims::VIEW, claims::RAISE]);
    give("sales_rep", Scope::Own, &[worklist::OWN]);

    give("customer_service", Scope::All, &read);
    give("customer_service", Scope::All, &[customers::LOG]);
    give("customer_service", Scope::All, &heard);
    give("customer_service", Scope::All, &asked);
    give("customer_service", Scope::All, &amiss);
    give("customer_service", Scope::All, &complained);
    give("customer_service", Scope::Own, &[worklist::OWN]);

    give("operations", Scope::All, &read);
    give("operations", Scope::All, &[customers::CREATE, customers::LOG]);
    give("operations", Scope::All, &data);
    give("operations", Scope::All, &heard);
    give("operations", Scope::All, &asked);
    give("operations", Scope::All, &amiss);
    give("operations", Scope::All, &complained);
    give("operations", Scope::Own, &[worklist::OWN]);

    for role in ["manager", "administrator"] {
        give(role, Scope::All, &read);
        give(role, Scope::All, &write);
        give(role, Scope::All, &data);
        give(role, Scope::All, &complained);
        give(role, Scope::All, &[complaints::OVERSEE, complaints::TEXTS, claims::PAY]);
        give(role, Scope::All, &heard);
        give(role, Scope::All, &asked);
        give(role, Scope::All, &amiss);
        give(role, Scope::All, &[exceptions::RULES]);
        give(role, Scope::All, &[exchange::ALL, shipments::RATES, calendar::MANAGE, worklist::TEAM, access::AUDIT]);
        give(role, Scope::All, &[approvals::DECIDE]);
        give(role, Scope::Own, &[worklist::OWN]);
    }
    give("administrator", Scope::All, &access::PERMISSIONS);
    give("administrator", Scope::All, &[approvals::LIMITS, crate::settings::EDIT]);
    grants
}

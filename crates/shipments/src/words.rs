//! The closed sets of words that shipments keep as text.

base::words! {
    /// How goods travel.
    Mode as "ShipmentMode", "shipment-mode-" {
        Air = "air",
        AirCharter = "air_charter",
        Ocean = "ocean",
        Truck = "truck",
        Rail = "rail",
        Express = "express",
        Multimodal = "multimodal",
        /// The source says that it does not say.
        NotStated = "not_stated",
    }
}

base::words! {
    /// Who pays the freight and when.
    PaymentTerm, "shipment-payment_term-" {
        /// By the shipper, on the spot.
        Prepaid = "prepaid",
        /// By the consignee, on delivery.
        Collect = "collect",
        /// On account, once a month.
        Monthly = "monthly",
    }
}

base::words! {
    /// The steps of a shipment, in their usual order.
    MilestoneKind, "shipment-milestone-" {
        Booked = "booked",
        PickedUp = "picked_up",
        Handled = "handled",
        Documented = "documented",
        HandedOver = "handed_over",
        Transferred = "transferred",
        Tracked = "tracked",
        Exception = "exception",
        Signed = "signed",
        Maintained = "maintained",
    }
}

//! Closed words of complaints.

base::words! {
    /// How a complaint reached us, or how the customer was told something.
    Channel as "ComplaintChannel", "complaint-channel-" {
        Phone = "phone",
        Wechat = "wechat",
        Wecom = "wecom",
        Chat = "chat",
        Email = "email",
        Web = "web",
        Portal = "portal",
        Visit = "visit",
        Employee = "employee",
        Fax = "fax",
        Post = "post",
        PublicReview = "public_review",
        SuggestionBox = "suggestion_box",
    }
}

base::words! {
    Category as "ComplaintCategory", "complaint-category-" {
        Delay = "delay",
        Damage = "damage",
        Loss = "loss",
        Shortage = "shortage",
        Misdelivery = "misdelivery",
        Attitude = "attitude",
        Billing = "billing",
        Information = "information",
        Customs = "customs",
        Other = "other",
    }
}

base::words! {
    /// How bad it is for the customer; the limits of the clocks go by it.
    #[derive(Default)]
    Severity as "ComplaintSeverity", "complaint-severity-" {
        Low = "low",
        #[default]
        Normal = "normal",
        High = "high",
        Critical = "critical",
    }
}

impl Severity {
    /// Class suffix of `macros.html`.
    pub fn tone(self) -> &'static str {
        match self {
            Severity::Critical => "risk",
            Severity::High => "warn",
            Severity::Normal | Severity::Low => "neutral",
        }
    }
}

base::words! {
    Status as "ComplaintStatus", "complaint-status-" {
        /// Nobody has acknowledged it to the customer yet.
        Waiting = "waiting",
        Handling = "handling",
        /// We wait for somebody else; our clocks rest.
        OnHold = "on_hold",
        /// The solution is carried out; the customer has not said yet whether it holds.
        Resolved = "resolved",
        Closed = "closed",
        /// Goes on as part of another complaint.
        Merged = "merged",
    }
}

impl Status {
    /// What the board has a column for.
    pub const OPEN: [Status; 4] = [Status::Waiting, Status::Handling, Status::OnHold, Status::Resolved];

    pub fn is_open(self) -> bool {
        Status::OPEN.contains(&self)
    }

    pub fn tone(self) -> &'static str {
        match self {
            Status::Waiting => "warn",
            Status::Handling => "info",
            Status::Resolved => "good",
            Status::OnHold | Status::Closed | Status::Merged => "neutral",
        }
    }
}

base::words! {
    /// Feelings first, then the matter: in this order, none left out without a reason.
    Step as "ComplaintStep", "complaint-step-" {
        /// Let him finish, say back what he wants.
        Listen = "listen",
        /// Apologise, and thank him for finding it.
        Apologise = "apologise",
        /// Say that it is ours now, who has it and until when.
        Acknowledge = "acknowledge",
        /// Find out, and set something right.
        Act = "act",
        /// Tell him that it is being handled.
        Inform = "inform",
        Resolve = "resolve",
        /// He says whether the solution holds.
        Confirm = "confirm",
    }
}

base::words! {
    /// One line of what happened to a complaint.
    EntryKind as "ComplaintEntryKind", "complaint-entry-" {
        Logged = "logged",
        StepDone = "step_done",
        StepSkipped = "step_skipped",
        Remark = "remark",
        Hold = "hold",
        Resume = "resume",
        Assigned = "assigned",
        Shipments = "shipments",
        Solution = "solution",
        Approved = "approved",
        NotApproved = "not_approved",
        Cause = "cause",
        CorrectionDone = "correction_done",
        CorrectionVerified = "correction_verified",
        Escalated = "escalated",
        Answer = "answer",
        Closed = "closed",
        Reopened = "reopened",
        Merged = "merged",
        TookIn = "took_in",
        FileAdded = "file_added",
        FileRemoved = "file_removed",
        /// What a card that was filled in elsewhere says of something that only the page can do.
        Paper = "paper",
    }
}

base::words! {
    /// What the customer says of the solution.
    Answer as "ComplaintAnswer", "complaint-answer-" {
        Agreed = "agreed",
        Refused = "refused",
        None = "no_answer",
    }
}

base::words! {
    /// Where it went wrong.
    Cause as "ComplaintCause", "complaint-cause-" {
        Packing = "packing",
        Loading = "loading",
        Transport = "transport",
        Storage = "storage",
        Handover = "handover",
        Paperwork = "paperwork",
        Planning = "planning",
        Carrier = "carrier",
        Information = "information",
        Behaviour = "behaviour",
        System = "system",
        Weather = "weather",
        Customer = "customer",
        Other = "other",
    }
}

base::words! {
    /// How far an overdue complaint has gone up.
    #[derive(Default)]
    Escalation as "ComplaintEscalation", "complaint-escalation-" {
        #[default]
        None = "none",
        Owner = "owner",
        Manager = "manager",
        HighRisk = "high_risk",
    }
}

base::words! {
    /// Whether the compensation may be promised.
    CompensationState, "complaint-compensation-" {
        /// Within the authority of whoever set it.
        Free = "free",
        Waiting = "waiting",
        Approved = "approved",
        Refused = "refused",
    }
}

permission-worklist-own = Use one's own list of today
permission-worklist-team = See the team's lists of today
worklist-title = Today
worklist-more = { $n } more can wait
worklist-more_reasons = { $n ->
    [one] one more reason
   *[other] { $n } more reasons
 }
worklist-said_done = Done and logged.
worklist-said_later = Put off.
worklist-said_undone = Taken back; the customer is on the list again.
worklist-undo = Undo
worklist-empty = Nothing has to be done today. Perhaps look at customers you have not talked to for long.
worklist-empty_act = See customers
worklist-customer = Customer
worklist-why = Why
worklist-do = Do
worklist-due = Due
worklist-value = Worth a year
worklist-acts = Acts
worklist-finish = Done
worklist-finish_next = Done, next one
worklist-later = Later
worklist-how = How you got in touch
worklist-outcome = Outcome
worklist-mood = Customer's mood
worklist-mood_none = Mood: not noted
worklist-remark = What was said (optional)
worklist-next_step = Next step
worklist-no_next_step = No next step
worklist-next_when = When
worklist-in_days = { $n ->
    [one] tomorrow
   *[other] in { $n } days
 }
worklist-due_today = Today
worklist-overdue_by = { $days ->
    [one] one day overdue
   *[other] { $days } days overdue
 }
worklist-due_in = { $days ->
    [one] tomorrow
   *[other] in { $days } days
 }
worklist-value_unknown = unknown
worklist-value_margin = margin, last 365 days
worklist-value_mixed = margin, last 365 days; revenue where the cost is unknown
worklist-value_apart = plus { $amounts }, no rate
worklist-value_revenue = revenue, last 365 days; cost unknown
worklist-team = Team today
worklist-team_about = Who has what left, and the customers that need your eye
worklist-team_empty = The team has nothing that must be done today.
worklist-person = Person
worklist-left = Left
worklist-overdue = Overdue
worklist-done_today = Done today
worklist-nobody = Nobody's
worklist-exceptions = Exceptions: overdue or nobody's
worklist-nothing_left = Nothing is left to do for this customer today; a colleague may just have done it. Nothing was logged; reload the list.
worklist-undo_over = The minute in which this can be taken back is over. What was logged stays; add what is right on the customer's page.
worklist-later_far = A year at most. Nothing was changed; choose a nearer day.
worklist-later_past = The day must be after today. Nothing was changed; choose another day.
worklist-unknown_choice = “{ $word }” is not one of the choices. Nothing was saved; choose from the list.
setting-worklist = Today's worklist
setting-worklist-acts_a_day = Most acts asked of one person a day
setting-worklist-undo_seconds = Seconds in which an act can be undone
worklist-opening = { $who }, { $left ->
    [one] one customer comes
   *[other] { $left } customers come
 } first today ({ $overdue } overdue); { $done } done
worklist-opening_empty = { $who }, { $done } done today; nothing is left
worklist-begin = Begin
worklist-back = Back to the list
worklist-only_today = Only today's
worklist-owner = Owner
worklist-handover = Handover
worklist-handover_count = { $n ->
    [one] one customer to hand over
   *[other] { $n } customers to hand over
 }
worklist-handover_needed = needs a new owner

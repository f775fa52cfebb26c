-- Plans are made anew when next used: those made while a table was young read far too much of it once it has grown. Rows: none.
DISCARD PLANS

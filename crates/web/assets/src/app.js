// All script of our own. Pages work without it; it saves waiting and clicks.
import "htmx.org";
import { answers } from "./answers.js";
import { keys } from "./keys.js";
import { menus } from "./menus.js";
import { search } from "./search.js";

answers();
menus();
search();
keys();

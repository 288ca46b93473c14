// live.js - the only script, and nobody needs it: pages that show figures refresh themselves
// when the server says that a commit changed them.
(function () {
    "use strict";
    var live = document.querySelector("[data-live]");
    if (!live || !window.EventSource || !window.fetch) return;
    var events = new EventSource(live.getAttribute("data-live"));
    var busy = false, again = false;

    // What was opened stays open, and who was at a link is at it again.
    function replace(fresh) {
        var open = Array.from(live.querySelectorAll("details")).map(function (d) { return d.open; });
        var at = live.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
        live.replaceChildren.apply(live, Array.from(fresh.childNodes));
        live.querySelectorAll("details").forEach(function (d, i) { d.open = open[i] || false; });
        var link = at && live.querySelector('[href="' + CSS.escape(at) + '"]');
        if (link) link.focus({preventScroll: true});
    }

    function refresh() {
        if (busy) { // a change while the page was fetched may not be in it
            again = true;
            return;
        }
        busy = true;
        again = false;
        fetch(location.href, {credentials: "same-origin", headers: {Accept: "text/html"}})
            .then(function (answer) { return answer.ok ? answer.text() : ""; })
            .then(function (text) {
                var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-live]");
                if (fresh) replace(fresh);
            })
            .catch(function () {}) // the next change tries again
            .finally(function () {
                busy = false;
                if (again) refresh();
            });
    }

    events.addEventListener("figures", refresh);
})();

// live.js - the only script, and nobody needs it: pages that show figures refresh themselves
// when the server says that a commit changed them.
(function () {
    "use strict";
    var live = document.querySelector("[data-live]");
    if (!live || !window.EventSource || !window.fetch) return;
    var events = new EventSource(live.getAttribute("data-live"));
    var busy = false;
    events.addEventListener("figures", function () {
        if (busy) return;
        busy = true;
        fetch(location.href, {credentials: "same-origin", headers: {Accept: "text/html"}})
            .then(function (answer) { return answer.ok ? answer.text() : ""; })
            .then(function (text) {
                var page = new DOMParser().parseFromString(text, "text/html");
                var fresh = page.querySelector("[data-live]");
                if (fresh) live.replaceChildren.apply(live, Array.from(fresh.childNodes));
            })
            .finally(function () { busy = false; });
    });
})();

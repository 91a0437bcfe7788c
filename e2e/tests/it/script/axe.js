// Runs after axe itself: (where, callback) → sentences.
const [where, done] = arguments;
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
axe
  .run(where ?? document, {
    runOnly: { type: "tag", values: TAGS },
    rules: { "target-size": { enabled: true } },
    resultTypes: ["violations"],
    preload: false,
  })
  .then(
    ({ violations }) =>
      done(
        violations.map((found) => {
          const first = found.nodes[0];
          const why = (first.any[0] ?? first.all[0] ?? first.none[0])?.message ?? "";
          return `axe ${found.id} (${found.nodes.length}×): ${first.target.join(" ")} ${first.html.slice(0, 120)} ${why}`;
        }),
      ),
    (problem) => done([`axe itself failed: ${problem}`]),
  );

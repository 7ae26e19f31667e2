// Classic script: the ribbon may call before the modules have run, so it waits for the page.
(() => {
  const seite = new Promise((da) => {
    globalThis.krsSeiteDa = da;
  });
  const block = document.getElementById("krs-makros");
  const makros = block ? JSON.parse(block.textContent) : [];

  for (const { name } of makros) {
    Office.actions.associate(name, async (ereignis) => {
      try {
        // Where Excel keeps the page running without showing it, the pane has to come forward first.
        await Office.addin?.showAsTaskpane?.();
        await (await seite).befehle.vomBand(name);
      } catch (fehler) {
        (await seite).meldung.zeigeFehler(fehler);
      } finally {
        // Without this Excel keeps the button locked.
        ereignis.completed();
      }
    });
  }
})();

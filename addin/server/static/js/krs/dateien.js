// Files between the page, the server and the disk.

/** Base64 of a Blob, without the head of a data URL. */
export function alsBase64(blob) {
  return new Promise((gut, schlecht) => {
    const leser = new FileReader();
    leser.onload = () => gut(leser.result.slice(leser.result.indexOf(",") + 1));
    leser.onerror = () => schlecht(leser.error);
    leser.readAsDataURL(blob);
  });
}

/** Hand a file to the browser's downloads. */
export function ladeHerunter(name, base64) {
  const bytes = Uint8Array.from(atob(base64), (zeichen) => zeichen.charCodeAt(0));
  const adresse = URL.createObjectURL(new Blob([bytes]));
  const verweis = document.createElement("a");
  verweis.href = adresse;
  verweis.download = name;
  document.body.append(verweis);
  verweis.click();
  verweis.remove();
  // Not at once: some web views start the download only afterwards.
  setTimeout(() => URL.revokeObjectURL(adresse), 60_000);
}

/** Hexadecimal SHA-256 of a file; empty where the page is not served safely (no Web Crypto there). */
export async function fingerabdruck(datei) {
  if (!globalThis.crypto?.subtle) return "";
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await datei.arrayBuffer()));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

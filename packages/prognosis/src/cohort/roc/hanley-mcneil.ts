/** Standard error of an AUC from the AUC alone (Hanley and McNeil, Radiology 1982;143:29). */
export function hanleyMcNeilStandardError(auc: number, nGood: number, nPoor: number): number {
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  const square = auc * auc;
  const variance =
    (auc * (1 - auc) + (nGood - 1) * (q1 - square) + (nPoor - 1) * (q2 - square)) / (nGood * nPoor);
  return Math.sqrt(Math.max(0, variance));
}

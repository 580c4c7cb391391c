// The sieve of sieve.c in plain JavaScript: what the same work costs without a simulated machine in between.
const limit = 20_000;
const composite = new Uint8Array(limit);

function countPrimes() {
  let count = 0;
  composite.fill(0);
  for (let i = 2; i < limit; i += 1) {
    if (composite[i] !== 0) continue;
    count += 1;
    for (let j = i + i; j < limit; j += i) composite[j] = 1;
  }
  return count;
}

/** The work of `main` in sieve.c. Errors: throws when the count is wrong. */
export function runSieve() {
  for (let round = 0; round < 5; round += 1) {
    if (countPrimes() !== 2262) throw new Error('The sieve counts wrong.');
  }
}

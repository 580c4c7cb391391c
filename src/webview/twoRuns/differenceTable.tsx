/**
 * All hold and wait times of two runs beside each other.
 */
import { describeDifference, isHardlyDifferent } from '../../view/differenceWords.ts';
import type { TwoRunsModel } from '../../view/twoRunsModel.ts';
import { shortTitle } from './headline.tsx';

/** The table; the largest difference comes first. */
export function DifferenceTable({ model }: { model: TwoRunsModel }) {
  return (
    <div class="scroll detail" tabIndex={0} role="region" aria-label="Table of all differences">
      <table class="tworuns-table">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col" class="number">
              {shortTitle(model.one.title)}
            </th>
            <th scope="col" class="number">
              {shortTitle(model.other.title)}
            </th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {model.differences.map((difference) => {
            const { what, one, other, change } = describeDifference(difference);
            const isSame = isHardlyDifferent(difference);
            return (
              <tr key={what} class={isSame ? 'tworuns-same' : undefined}>
                <th scope="row">{what}</th>
                <td class="number">{one}</td>
                <td class="number">{other}</td>
                <td>{change}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

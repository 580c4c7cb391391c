/** What has changed since the last stop, in one row that is always there. */

/** `isBack` where the run went back. */
export function ChangeLine({ changes, isBack }: { changes: readonly string[]; isBack: boolean }) {
  const text =
    changes.length === 0 ? '' : `${isBack ? 'Back' : 'Since the last stop'}: ${changes.join('; ')}`;
  return (
    <p class="locks-changes" title={text}>
      {text}
    </p>
  );
}

import type {ComponentChildren} from 'preact';
import {useEffect, useRef} from 'preact/hooks';

interface Props {
  readonly label: string;
  readonly onClose?: () => void;  // without it the dialog has to be answered
  readonly children: ComponentChildren;
}

export function Dialog({label, onClose, children}: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const box = dialog.current;
    box?.showModal();
    return () => box?.close();
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-label={label}
      onCancel={(event) => { event.preventDefault(); onClose?.(); }}
      onClick={(event) => { if (event.target === dialog.current) onClose?.(); }}>
      {children}
    </dialog>
  );
}

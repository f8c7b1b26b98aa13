// A menu that opens at a button, for mouse, touch and keyboard.
import type {ComponentChildren, TargetedKeyboardEvent} from 'preact';
import {useEffect, useLayoutEffect, useRef, useState} from 'preact/hooks';

import {Icon, type IconName} from '../lib/icons.tsx';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  readonly hint?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly ruleBefore?: boolean;
  readonly act: () => void;
}

interface Props {
  readonly label: string;
  readonly items: () => readonly MenuItem[];
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly tabIndex?: number;
}

export function MenuButton({label, items, children, class: className = 'icon-button', tabIndex}: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        tabIndex={tabIndex}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && button.current && <Menu anchor={button.current} label={label} items={items()} onClose={close} />}
    </>
  );
}

interface MenuProps {
  readonly anchor: HTMLElement;
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly onClose: () => void;
}

function Menu({anchor, label, items, onClose}: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = menu.current;
    if (!box) return;
    box.showPopover(); // above all else, whatever moves or clips the button
    place(box, anchor);
    box.querySelector<HTMLButtonElement>('button:not(:disabled)')?.focus();
  }, [anchor]);
  useEffect(() => {
    const outside = (event: Event) => {
      if (!menu.current?.contains(event.target as Node) && !anchor.contains(event.target as Node)) onClose();
    };
    document.addEventListener('pointerdown', outside, true);
    addEventListener('resize', onClose);
    return () => {
      document.removeEventListener('pointerdown', outside, true);
      removeEventListener('resize', onClose);
    };
  });
  return (
    <div
      ref={menu}
      class="menu"
      role="menu"
      popover="manual"
      aria-label={label}
      onKeyDown={(event) => onKey(event, onClose)}
    >
      {items.map((item) => (
        <>
          {item.ruleBefore && <hr class="menu-rule" />}
          <button
            type="button"
            role="menuitem"
            class={`menu-item${item.danger ? ' danger' : ''}`}
            disabled={item.disabled}
            onClick={() => {
              onClose();
              item.act();
            }}
          >
            {item.icon && <Icon name={item.icon} />}
            {item.label}
            {item.hint && <span class="hint">{item.hint}</span>}
          </button>
        </>
      ))}
    </div>
  );
}

function place(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const below = at.bottom + 4 + box.offsetHeight <= innerHeight;
  box.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - 4 - box.offsetHeight)}px`;
  box.style.left = `${Math.max(8, Math.min(at.right - box.offsetWidth, innerWidth - box.offsetWidth - 8))}px`;
}

function onKey(event: TargetedKeyboardEvent<HTMLDivElement>, onClose: () => void): void {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button:not(:disabled)')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const steps: {readonly [key: string]: number} = {
    ArrowDown: at + 1,
    ArrowUp: at - 1 + buttons.length,
    Home: 0,
    End: buttons.length - 1,
  };
  const next = steps[event.key];
  if (next !== undefined) {
    buttons[next % buttons.length]?.focus();
  } else if (event.key === 'Escape' || event.key === 'Tab') {
    onClose();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

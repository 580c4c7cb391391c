/** The panel's port for components deep inside the lock pictures. */
import { createContext } from 'preact';
import type { Port } from '../port.ts';

export const PortContext = createContext<Port | undefined>(undefined);

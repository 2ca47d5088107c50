export { FAULTS } from './faults.ts';
export { LIVES } from './lives.ts';
export { runSimulation, type SimulationResult } from './run-simulation.ts';
export type { Sabotage } from './sabotage.ts';

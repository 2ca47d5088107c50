export { runSimulation, type SimulationResult } from './run-simulation.ts';
export type { Sabotage } from './sabotage.ts';

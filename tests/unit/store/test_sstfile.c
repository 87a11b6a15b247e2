/* test_sstfile: */
int main(void){return 0;}
